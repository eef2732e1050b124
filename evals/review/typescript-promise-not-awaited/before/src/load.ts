export async function load(ids: string[], get: (id: string) => Promise<string>): Promise<string[]> {
  const found: string[] = [];
  for (const id of ids) {
    found.push(await get(id));
  }
  return found;
}
