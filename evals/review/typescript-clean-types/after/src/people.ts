type Person = { age: number };

export function byAge(people: Person[]): Person[] {
  return [...people].sort((a, b) => a.age - b.age);
}
