#!/bin/sh
set -eu
case=$(dirname "$0")
. "$case/../../review/repository.sh"
