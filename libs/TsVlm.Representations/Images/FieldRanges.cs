using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Downsampling;

namespace TsVlm.Representations.Images;

/// <summary>
/// What black and white mean in a field-like image, fitted on the training split, for each channel and each view separately.
/// </summary>
internal static class FieldRanges
{
    // Transforms cost as much as images do; this many training series, evenly taken, tell their range well enough. What is beyond it is
    // clipped.
    private const int MaxTransformed = 200;

    /// <summary>(channels, views) ranges; null for kinds that have no data set's scale.</summary>
    public static IReadOnlyList<IReadOnlyList<ValueRange>>? Fit(Representation representation, IReadOnlyList<TimeSeries> training)
    {
        var kind = representation.Image;
        if (!FieldDrawing.HasDatasetScale(kind) || representation.Arm is Arm.Text or Arm.BlankImage) return null;
        var drawing = new FieldDrawing(kind, training.Max(series => series.Length));
        var isTransform = kind is ImageKind.Spectrogram or ImageKind.Scalogram;
        var stride = isTransform ? (training.Count + MaxTransformed - 1) / MaxTransformed : 1;
        var numViews = FieldImage.NumViews(representation.Views);
        var (low, high) = (new double[training[0].NumChannels, numViews], new double[training[0].NumChannels, numViews]);
        for (var c = 0; c < training[0].NumChannels; c++)
            for (var v = 0; v < numViews; v++) (low[c, v], high[c, v]) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < training.Count; i += stride)
        {
            var points = Downsampler.Shorten(training[i], DownsamplingMethod.None, 1);
            for (var c = 0; c < points.NumChannels; c++)
            {
                if (RegularValues.Of(points, c) is not { } values) continue;
                for (var v = 0; v < numViews; v++)
                {
                    var found = drawing.Extremes(FieldImage.View(values, v));
                    (low[c, v], high[c, v]) = (Math.Min(low[c, v], found.Low), Math.Max(high[c, v], found.High));
                }
            }
        }
        return [.. Enumerable.Range(0, training[0].NumChannels)
            .Select(c => (IReadOnlyList<ValueRange>)[.. Enumerable.Range(0, numViews)
                .Select(v => drawing.RangeOf(low[c, v], high[c, v]))])];
    }
}
