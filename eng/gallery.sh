#!/bin/sh
# Draws the gallery of docs/images.md: every kind of image of the same three series, in the size of the embedded model.
# Usage, after a build: eng/gallery.sh
set -e
cd "$(dirname "$0")/.."
tsvlm=${TSVLM:-TsVlm.Cli/bin/Release/net10.0/linux-x64/tsvlm}
mkdir -p docs/images

draw() # KIND VIEWS NAME
{
    "$tsvlm" show CBF 3 --image-kind "$1" --views "$2" --out "docs/images/$3-cylinder.png" > /dev/null
    "$tsvlm" show SyntheticControl 20 --image-kind "$1" --views "$2" --out "docs/images/$3-cyclic.png" > /dev/null
    "$tsvlm" show ArmMotions 0 --image-kind "$1" --views "$2" --out "docs/images/$3-arm.png" > /dev/null
}

for kind in line-plot area-plot gramian-summation-field gramian-difference-field markov-transition-field recurrence-plot unthresholded-recurrence-plot \
    spectrogram scalogram window-heat-map zoom-mosaic; do draw "$kind" series "$kind"; done
"$tsvlm" show CBF 3 --image-kind zoom-mosaic --windows whole-and-halves --out docs/images/zoom-mosaic-windows.png > /dev/null
for kind in gramian-summation-field scalogram window-heat-map; do draw "$kind" series-difference-sum "$kind-views"; done
