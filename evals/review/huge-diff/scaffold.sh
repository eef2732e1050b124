#!/bin/sh
set -eu
case=$(dirname "$0")
. "$case/../repository.sh"
for file in $(seq 1 50); do
  for n in $(seq 1 33); do
    printf "def value_%d%02d(n: int) -> int:\n    return n + %d\n\n" "$file" "$n" "$n"
  done >"app/part_$file.py"
done
sed -i "s|^def value_3703.*|&|; /^def value_3703/{n;s|.*|    return 7 // (n - 3703)|}" app/part_37.py
