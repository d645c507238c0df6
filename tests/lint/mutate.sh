#!/bin/sh
# mutate.sh - a thousand mistakes: more than 95 % must be caught by a finding that names them.
exec "$(dirname "$0")/mutate" --tap
