export function show(target: HTMLElement, name: string): void {
  target.textContent = name;
}
