using System.Text.Json.Serialization;

namespace TsVlm.Contracts;

/// <summary>How a series becomes a sample: what the model is shown, and what it is asked to answer.</summary>
public sealed record Representation
{
    /// <summary>Which of image and text the model gets; the controlled comparison.</summary>
    public Arm Arm { get; init; } = Arm.Both;

    /// <summary>What the text says of the series.</summary>
    public TextKind Text { get; init; } = TextKind.Baseline;

    /// <summary>What the image shows of the series.</summary>
    // Left out of the JSON where it is the default, so that hashes from before there were kinds still hold.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImageKind Image { get; init; } = ImageKind.LinePlot;

    /// <summary>Whether a field-like image shows the series alone or three views of it.</summary>
    // Left out of the JSON where it is the default.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImageViews Views { get; init; } = ImageViews.Series;

    /// <summary>What parts of a series have an image of their own beside the whole, in a zoom mosaic.</summary>
    // Left out of the JSON where it is the default.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImageWindows Windows { get; init; } = ImageWindows.Whole;

    /// <summary>
    /// How the channels of one series share the image. Fields always have a panel for each, zoom mosaics an image for each.
    /// </summary>
    public ChannelLayout ChannelLayout { get; init; } = ChannelLayout.Overlaid;

    /// <summary>How a series that is too long for the context is shortened.</summary>
    public DownsamplingMethod Downsampling { get; init; } = DownsamplingMethod.Decimation;

    /// <summary>Whether the plot draws the series as measured or as shortened for the text.</summary>
    public PlotSource PlotFrom { get; init; } = PlotSource.Raw;

    /// <summary>Most tokens in one training sequence: image tokens, template, text and answer together.</summary>
    public int ContextLength { get; init; } = 2048;

    /// <summary>How numbers are written.</summary>
    public NumberFormat Numbers { get; init; } = new();

    /// <summary>Whether the answer is the label itself, its index among the classes, or its text.</summary>
    public AnswerFormat Answers { get; init; } = AnswerFormat.Verbatim;

    /// <summary>A rationale beside the answer; null for the answer alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RationaleSettings? Rationale { get; init; }

    /// <summary>True when a sample holds an image, be it blank or another sample's.</summary>
    [JsonIgnore]
    public bool HasImage => Arm is not Arm.Text;
}

/// <summary>
/// What the model is shown. The last two are controls: they keep the sequence's form and take away the image's information.
/// </summary>
public enum Arm
{
    /// <summary>Image and text of the same series.</summary>
    Both,
    /// <summary>The image alone; the text only asks the question.</summary>
    Image,
    /// <summary>The text alone; no image token in the prompt.</summary>
    Text,
    /// <summary>An empty image of the same size, and the text.</summary>
    BlankImage,
    /// <summary>The image of another case of the same split, and the text of this one.</summary>
    ShuffledImage,
}

/// <summary>What the text says of the series; the names are the paper's (arXiv 2412.17304, section 3).</summary>
public enum TextKind
{
    /// <summary>Only the question and the possible answers.</summary>
    [JsonStringEnumMemberName("NONE")] None,
    /// <summary>The numbers of every channel.</summary>
    [JsonStringEnumMemberName("BASELINE")] Baseline,
    /// <summary>The numbers, and statistics of every channel.</summary>
    [JsonStringEnumMemberName("WITH_STATS")] WithStats,
    /// <summary>The numbers, and a description of trend, extremes, periodicity, level shifts and segments.</summary>
    [JsonStringEnumMemberName("WITH_SIGNAL_ANALYSIS")] WithSignalAnalysis,
    /// <summary>
    /// Length, mean, deviation and extremes of every channel, and no other numbers: what an image whose scale is the series' own does not
    /// show. A probe reads the same numbers beside the image. Not in the paper.
    /// </summary>
    [JsonStringEnumMemberName("STATISTICS")] Statistics,
}

/// <summary>How the channels of one series share the image.</summary>
public enum ChannelLayout
{
    /// <summary>All channels in one plot, a colour each.</summary>
    Overlaid,
    /// <summary>A plot for each channel, in a grid.</summary>
    SmallMultiples,
}

/// <summary>How a long series is shortened. Every method keeps the time of each point it yields.</summary>
public enum DownsamplingMethod
{
    /// <summary>Never: a series that does not fit is an error.</summary>
    None,
    /// <summary>Every k-th value.</summary>
    Decimation,
    /// <summary>The mean of each block of k values.</summary>
    BlockMean,
    /// <summary>Largest Triangle Three Buckets (Steinarsson 2013).</summary>
    Lttb,
    /// <summary>More points where the series varies more (arXiv 2412.17304, section 3, made defined on every input).</summary>
    Adaptive,
}

/// <summary>What the plot is drawn from.</summary>
public enum PlotSource
{
    /// <summary>The series as measured.</summary>
    Raw,
    /// <summary>The series as shortened for the text.</summary>
    Downsampled,
}

/// <summary>Whether the answer is the label itself, its index, or its text.</summary>
public enum AnswerFormat
{
    /// <summary>The label, letter for letter.</summary>
    Verbatim,
    /// <summary>The label's position among the classes, from 0.</summary>
    Index,
    /// <summary>What the label means in words, as the data set's <c>NAME_LABELS.csv</c> says.</summary>
    Text,
}

/// <summary>How numbers are written in the prompt.</summary>
public sealed record NumberFormat
{
    /// <summary>What is done to the values before they are written.</summary>
    public Normalisation Normalisation { get; init; } = Normalisation.Dataset;

    /// <summary>Whether <see cref="Digits"/> counts decimals or significant digits.</summary>
    public Rounding Rounding { get; init; } = Rounding.Decimals;

    /// <summary>Decimals or significant digits, 0 to 8.</summary>
    public int Digits { get; init; } = 2;
}

/// <summary>What is done to the values before they are written.</summary>
public enum Normalisation
{
    /// <summary>Nothing: the values as in the file.</summary>
    None,
    /// <summary>Minus mean, over standard deviation, of each channel of the training split. Amplitude stays information.</summary>
    Dataset,
}

/// <summary>How values are rounded.</summary>
public enum Rounding
{
    /// <summary>A fixed number of decimals.</summary>
    Decimals,
    /// <summary>A fixed number of significant digits.</summary>
    SignificantDigits,
}
