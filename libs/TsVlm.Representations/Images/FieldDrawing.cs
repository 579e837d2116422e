using TsVlm.Contracts;

namespace TsVlm.Representations.Images;

/// <summary>Makes the field of one view of one channel, for every kind of image that is a field. Not for several threads at once.</summary>
internal sealed class FieldDrawing
{
    /// <summary>Decibels from black to white in a spectrogram.</summary>
    public const double SpectrogramDepth = 60;

    private readonly ImageKind kind;
    private readonly Spectrogram spectrogram;
    private readonly Scalogram scalogram;

    /// <param name="kind">Kind of the field.</param>
    /// <param name="numSteps">Time steps of the longest training series, which fixes windows and scales for every series.</param>
    public FieldDrawing(ImageKind kind, int numSteps) =>
        (this.kind, spectrogram, scalogram) = (kind, new Spectrogram(numSteps), new Scalogram(numSteps));

    /// <summary>True for kinds whose grey means the same in every series of the data set; the others scale each series by itself.</summary>
    public static bool HasDatasetScale(ImageKind kind) =>
        kind.IsField() && kind is not (ImageKind.GramianSummationField or ImageKind.GramianDifferenceField
        or ImageKind.MarkovTransitionField);

    /// <summary>The field, with at most so many rows or columns where the kind can have more than any image shows.</summary>
    /// <param name="values">A view of a channel, a value for every time step.</param>
    /// <param name="range">
    /// What <see cref="Extremes(double[])"/> found on the training split; without meaning where the kind has no data set's scale.
    /// </param>
    /// <param name="max">Pixels of the panel's longer side.</param>
    public Field Draw(double[] values, ValueRange range, int max)
    {
        var height = range.High - range.Low;
        return kind switch
        {
            ImageKind.GramianSummationField => Shares(GramianField.Summation(RegularValues.Aggregated(values, max)), -1, 1),
            ImageKind.GramianDifferenceField => Shares(GramianField.Difference(RegularValues.Aggregated(values, max)), -1, 1),
            ImageKind.MarkovTransitionField => Shares(MarkovTransitionField.Of(values, max), 0, 1),
            // What recurs is black, as in the papers' dots.
            ImageKind.RecurrencePlot =>
                Shares(RecurrencePlot.Recurrences(RegularValues.Aggregated(values, max), RecurrencePlot.RadiusShare * height), 1, 0),
            ImageKind.UnthresholdedRecurrencePlot => Shares(RecurrencePlot.Distances(RegularValues.Aggregated(values, max)), 0, height),
            ImageKind.Spectrogram => Flipped(Shares(spectrogram.Decibels(values, max), range.Low, range.High)),
            ImageKind.Scalogram => Shares(scalogram.Coefficients(values, max), range.Low, range.High),
            ImageKind.WindowHeatMap => Shares(WindowHeatMap.Of(values, max), range.Low, range.High),
            _ => throw new ArgumentOutOfRangeException(nameof(values), kind, "Not a field."),
        };
    }

    /// <summary>
    /// Smallest and largest of what the kind's grey stands for, in one view of one training series; low above high where there is nothing.
    /// </summary>
    public ValueRange Extremes(double[] values) => kind switch
    {
        ImageKind.Spectrogram => Extremes(spectrogram.Power(values)),
        ImageKind.Scalogram => Extremes(scalogram.Coefficients(values, Scalogram.MaxPoints)),
        _ => new ValueRange(values.Min(), values.Max()),
    };

    /// <summary>The range from black to white of extremes over the training split.</summary>
    public ValueRange RangeOf(double low, double high)
    {
        if (kind is ImageKind.Spectrogram)
        {
            var top = high > 0 ? 10 * Math.Log10(high) : 0;
            return new ValueRange(top - SpectrogramDepth, top);
        }
        // Nought is the middle, so that troughs and peaks are equally far from grey.
        if (kind is ImageKind.Scalogram) (low, high) = (-Math.Max(-low, high), Math.Max(-low, high));
        if (low > high) return new ValueRange(-1, 1);
        if (low < high) return new ValueRange(low, high);
        var room = low == 0 ? 1 : Math.Abs(low);
        return new ValueRange(low - room, low + room);
    }

    private static ValueRange Extremes(double[,] cells)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var cell in cells) (low, high) = (Math.Min(low, cell), Math.Max(high, cell));
        return new ValueRange(low, high);
    }

    private static Field Shares(double[,] cells, double black, double white)
    {
        var (shares, i, scale) = (new float[cells.Length], 0, 1 / (white - black));
        foreach (var cell in cells) shares[i++] = (float)Math.Clamp((cell - black) * scale, 0, 1);
        return new Field(cells.GetLength(0), cells.GetLength(1), shares);
    }

    // High frequencies on top.
    private static Field Flipped(Field field) =>
        Field.Of(field.NumRows, field.NumColumns, (row, column) => field.Shares[((field.NumRows - 1 - row) * field.NumColumns) + column]);
}
