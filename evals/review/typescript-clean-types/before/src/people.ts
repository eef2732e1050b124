export function byAge(people: { age: number }[]): { age: number }[] {
  return [...people].sort((a, b) => a.age - b.age);
}
