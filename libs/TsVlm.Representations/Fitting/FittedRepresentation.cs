using System.Text.Json.Serialization;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Images;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Fitting;

/// <summary>
/// A representation with all that it takes from the training split. It determines every sample of the data set together with the model's
/// inputs, and is stored beside samples and checkpoints, so that a new series is shown to the model as the training series were.
/// </summary>
public sealed record FittedRepresentation
{
    /// <summary>The settings.</summary>
    public required Representation Representation { get; init; }

    /// <summary>Every class of the data set, in its order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>What each class means in words, where that is what is answered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ClassTexts { get; init; }

    /// <summary>The classes as prompts and answers name them.</summary>
    [JsonIgnore]
    internal IReadOnlyList<string> ClassNames => ClassTexts ?? Classes;

    /// <summary>Whether each class is a set of labels; see <see cref="LabelSets"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasLabelSets { get; init; }

    /// <summary>What is done to each channel's values before they are written.</summary>
    public required IReadOnlyList<ChannelScale> Scales { get; init; }

    /// <summary>Axes of every plot.</summary>
    public required PlotAxes Axes { get; init; }

    /// <summary>
    /// What black and white mean in a field-like image, (channels, views); null for the kinds that take nothing from the training split.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<ValueRange>>? FieldRanges { get; init; }

    /// <summary>
    /// Width and height of the patches that the image is made of, in pixels; null for the kinds that look the same with all patches.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PatchSize { get; init; }

    /// <summary>
    /// What every series is brought to before anything else, where it has too many channels for an image each; null elsewhere.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChannelComponents? Components { get; init; }

    /// <summary>Channels that a series must have.</summary>
    [JsonIgnore]
    public int NumChannels => Components?.NumChannels ?? Scales.Count;

    /// <summary>The images of every sample.</summary>
    [JsonIgnore]
    public SampleImages Images
    {
        get => SeveralImages ?? SampleImages.One;
        init => SeveralImages = value == SampleImages.One ? null : value;
    }

    /// <summary><see cref="Images"/> where there are several.</summary>
    [JsonInclude, JsonPropertyName("images"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal SampleImages? SeveralImages { get; private init; }

    /// <summary>Time steps for each point of the text: the smallest number with which every training sequence fits the context.</summary>
    public required int DownsamplingFactor { get; init; }

    /// <summary>
    /// Tokens of the longest training sequence: begin token, prompt, image tokens, the longest answer, room for the longest rationale and
    /// end token.
    /// </summary>
    public required int LongestSequence { get; init; }

    /// <summary>Width and height of the images, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>What a user should know of the fit, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Fits scales, axes and downsampling factor on the training series.</summary>
    /// <param name="representation">The settings.</param>
    /// <param name="model">The model's image size, template and tokenizer.</param>
    /// <param name="classes">Every class of the data set, in its order; a series' own class is never given.</param>
    /// <param name="training">Series of the training split, (channels, time steps) each.</param>
    /// <param name="classTexts">What each class means in words; null where the data set does not say.</param>
    /// <exception cref="RepresentationException">
    /// No series, different channels, unusable values or classes, or a sequence that cannot fit the context.
    /// </exception>
    public static FittedRepresentation Fit(
        Representation representation, ModelInputs model, IReadOnlyList<string> classes, IReadOnlyList<TimeSeries> training,
        IReadOnlyList<string>? classTexts = null)
    {
        SettingChecks.Check(representation);
        var texts = representation.Answers is AnswerFormat.Text ? classTexts ?? throw new RepresentationException(
            "Answers text: expected a data set that says what its labels mean, found none; put NAME_LABELS.csv with the columns label,text beside its files, "
            + "or take answers verbatim.") : null;
        if (representation.Rationale is not null) RationaleFormat.Check(texts ?? classes, model.Template);
        if (training.Count == 0) throw new RepresentationException("Training split: expected at least one series, found none.");
        for (var i = 0; i < training.Count; i++) SeriesChecks.Check(training[i], training[0].NumChannels, $"Training case {i}");

        var components = SampleImages.NumComponents(representation, training[0].NumChannels) is { } numComponents
            ? ChannelComponents.Fit(training, numComponents) : null;
        if (components is not null) training = [.. training.Select(components.Apply)];
        var channels = Enumerable.Range(0, training[0].NumChannels);
        ChannelScale[] scales = representation.Numbers.Normalisation is Normalisation.None
            ? [.. channels.Select(_ => ChannelScale.Identity)]
            : [.. channels.Select(channel => ChannelScale.Fit(training, channel))];
        var images = SampleImages.Of(representation, model, training[0].NumChannels, training.Max(series => series.Length));
        var budget = BudgetOf(representation, model, texts ?? classes, images);
        var written = training.Select(series => new SeriesText(series, representation, scales)).ToArray();
        var largest = LargestFactor(representation, training.Max(series => series.Length));
        var found = budget.Smallest(written, largest);
        var factor = found.Factor
            ?? throw CannotFit($"Training case {found.Witness}", written[found.Witness], budget, representation, largest);
        return new FittedRepresentation
        {
            Representation = representation,
            Classes = [.. classes],
            ClassTexts = texts,
            Scales = scales,
            Axes = PlotAxes.Fit(training),
            FieldRanges = TsVlm.Representations.Images.FieldRanges.Fit(representation, training),
            PatchSize = representation.Image is ImageKind.ZoomMosaic ? model.PatchSize : null,
            Components = components,
            Images = images,
            DownsamplingFactor = factor,
            LongestSequence = written.Max(text => budget.Tokens(text.WithFactor(factor))),
            ImageSize = model.ImageSize,
            Warnings = [.. components is null ? [] : (string[])[
                $"The {components.NumChannels} channels are shown as {scales.Length} principal components, for each takes an image."],
                .. !SeriesText.HasNumbers(representation) ? []
                : model.Template.HasTurns ? CollapseWarnings.Of(training, scales, representation.Numbers)
                : [$"The model's conversation template {model.Template.Name} shows the image alone: the text of the representation is not seen."]],
        };
    }

    internal static SequenceBudget BudgetOf(
        Representation representation, ModelInputs model, IReadOnlyList<string> classes, SampleImages images) => new(
        model, model.ContextLength(representation), Question.Text(classes, representation.Answers, representation.Rationale?.Order),
        [.. Question.AnswerTexts(classes, representation.Answers)
        .Select(answer => RationaleFormat.Of(representation)?.Target(answer, "") ?? answer)],
        representation.HasImage ? images : null, representation.Rationale?.MaxTokens ?? 0);

    internal static int LargestFactor(Representation representation, int length) =>
        representation.Downsampling is DownsamplingMethod.None || !SeriesText.HasNumbers(representation) ? 1 : length;

    internal static RepresentationException CannotFit(
        string where, SeriesText text, SequenceBudget budget, Representation representation, int factor)
    {
        // What limits the sequence is what has to give way.
        var (limit, larger) = budget.ContextLength < representation.ContextLength
            ? ("the model's max_position_embeddings", "a model with more positions")
            : ("the context length", "a larger context length");
        var shorten = factor == 1 && representation.Downsampling is DownsamplingMethod.None && SeriesText.HasNumbers(representation)
            ? "allow downsampling, " : "";
        return new RepresentationException(
            $"{where}: expected a sequence of at most {budget.ContextLength} tokens ({limit}), found {budget.Tokens(text.WithFactor(factor))} "
            + $"with one point for every {factor} of {text.Series.Length} steps; {shorten}take {larger}, fewer digits or text NONE.");
    }
}
