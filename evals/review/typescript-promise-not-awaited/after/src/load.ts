export async function load(ids: string[], get: (id: string) => Promise<string>): Promise<string[]> {
  const found: string[] = [];
  ids.forEach(async (id) => found.push(await get(id)));
  return found;
}
