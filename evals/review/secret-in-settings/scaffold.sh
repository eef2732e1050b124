#!/bin/sh
set -eu
case=$(dirname "$0")
. "$case/../repository.sh"
token=ghp_$(printf "%s" 4bQ7xT2mVn8Kc5RzLw1Yd9Hs)J3pF6gU0eA1k
printf "DEBUG = False\nTOKEN = \"%s\"\n" "$token" >settings.py
