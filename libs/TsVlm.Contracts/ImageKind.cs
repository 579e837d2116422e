namespace TsVlm.Contracts;

/// <summary>What the image shows of the series; docs/images.md shows each and names its source.</summary>
public enum ImageKind
{
    /// <summary>A line over time, on the data set's axes.</summary>
    LinePlot,
    /// <summary>The line plot with the area between line and zero filled, on the data set's axes.</summary>
    AreaPlot,
    /// <summary>
    /// Gramian angular summation field (Wang and Oates 2015): cosines of summed angles. Each series is scaled separately.
    /// </summary>
    GramianSummationField,
    /// <summary>
    /// Gramian angular difference field (Wang and Oates 2015): sines of angle differences. Each series is scaled separately.
    /// </summary>
    GramianDifferenceField,
    /// <summary>Markov transition field (Wang and Oates 2015) over eight quantile bins. Each series has its own bins.</summary>
    MarkovTransitionField,
    /// <summary>
    /// Recurrence plot (Eckmann et al. 1987) with one threshold, a tenth of the training values' range: the data set's scale.
    /// </summary>
    RecurrencePlot,
    /// <summary>
    /// Unthresholded recurrence plot (Iwanski and Bradley 1998), also distance plot: how far apart two values are, on the data set's scale.
    /// </summary>
    UnthresholdedRecurrencePlot,
    /// <summary>Logarithmic power of the short-time Fourier transform, on the data set's scale.</summary>
    Spectrogram,
    /// <summary>
    /// Continuous wavelet transform with Ricker wavelets of log-spaced scales (Torrence and Compo 1998), on the data set's scale.
    /// </summary>
    Scalogram,
    /// <summary>Overlapping windows of the series as rows of grey (after TiViT, Roschmann et al. 2025), on the data set's scale.</summary>
    WindowHeatMap,
    /// <summary>
    /// One tile for each of the model's patches: a time position seen at several zoom levels. Each channel of a series is scaled separately
    /// and has an image of its own.
    /// </summary>
    ZoomMosaic,
}

/// <summary>What parts of a series have an image of their own.</summary>
public enum ImageWindows
{
    /// <summary>The whole series, in one image.</summary>
    Whole,
    /// <summary>
    /// The whole series, and three windows of half its length that overlap by half: four images, the windows at twice the resolution.
    /// Series that are too short for it are shown whole.
    /// </summary>
    WholeAndHalves,
}

/// <summary>What of the series a field-like image shows.</summary>
public enum ImageViews
{
    /// <summary>The series, in grey.</summary>
    Series,
    /// <summary>The series in red, its first difference in green, the cumulative sum of its deviations from its mean in blue.</summary>
    SeriesDifferenceSum,
}

/// <summary>What kinds of images have in common.</summary>
public static class ImageKinds
{
    /// <summary>True for kinds that fill their panel with a field of values, which may be stacked in three views.</summary>
    public static bool IsField(this ImageKind kind) => kind is not (ImageKind.LinePlot or ImageKind.AreaPlot or ImageKind.ZoomMosaic);

    /// <summary>True for kinds drawn as curves, whose channels may share one plot.</summary>
    public static bool IsCurve(this ImageKind kind) => kind is ImageKind.LinePlot or ImageKind.AreaPlot;
}
