#!/bin/bash
# Azurite from npm, under the name that it has in the official image.
exec node /opt/azurite/node_modules/azurite/dist/src/blob/main.js "$@"
