#!/bin/sh
set -eu
case=$(dirname "$0")
. "$case/../../review/repository.sh"
# Put together here: no scanner should find a key in this repository.
sed -i 's/KEYHERE/AKIA''Q3EGRVYX7PLMZT5B/' web/locales/en.json
