using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Downsampling;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Samples;

/// <summary>
/// Makes what the model is shown of a series. It is given series and what was fitted on the training split, never a label.
/// One instance makes one input after another; it is not for several threads at once.
/// </summary>
public sealed class SampleBuilder
{
    private readonly FittedRepresentation fitted;
    private readonly SequenceBudget budget;
    private readonly Func<DownsampledSeries, byte[]> draw;
    private readonly Lazy<byte[]> blank;

    /// <summary>A builder for the model that the representation was fitted for.</summary>
    /// <exception cref="RepresentationException">
    /// The model's images, or the patches that the images are made of, have another size.
    /// </exception>
    public SampleBuilder(FittedRepresentation fitted, ModelInputs model)
    {
        if (fitted.ImageSize != model.ImageSize)
            throw new RepresentationException(
                $"Model: expected images of {fitted.ImageSize} pixels, as the representation was fitted for, found {model.ImageSize}; fit it for this model.");
        if (fitted.PatchSize is { } patchSize && patchSize != model.PatchSize)
            throw new RepresentationException(
                $"Model: expected patches of {patchSize} pixels, as the representation was fitted for, found {model.PatchSize}; fit it for this model.");
        SettingChecks.Check(fitted.Representation);
        this.fitted = fitted;
        budget = FittedRepresentation.BudgetOf(fitted.Representation, model, fitted.ClassNames, fitted.Images);
        Answers = Question.AnswerTexts(fitted.ClassNames, fitted.Representation.Answers);
        draw = SeriesImages.Renderer(fitted, model.PatchSize);
        blank = new(() => SeriesImages.Blank(fitted, model.PatchSize), LazyThreadSafetyMode.None);
    }

    /// <summary>The answer text of each class, in the order of the classes.</summary>
    public IReadOnlyList<string> Answers { get; }

    /// <summary>The input of a series.</summary>
    /// <exception cref="RepresentationException">
    /// Unusable values, a sequence that cannot fit, or an arm that needs a second series.
    /// </exception>
    public SampleInput Build(TimeSeries series)
    {
        if (fitted.Representation.Arm is Arm.ShuffledImage)
            throw new RepresentationException(
                "Arm shuffled-image: expected a second series to picture, found one series; give the series of another case.");
        return Build(series, series);
    }

    /// <summary>
    /// The text of one series with the image of another, for <see cref="Arm.ShuffledImage"/>; in the other arms both are the same series.
    /// A series that needs it gets a larger factor than the fitted one, the smallest that fits; nothing is ever cut off.
    /// </summary>
    /// <exception cref="RepresentationException">Unusable values, a sequence that cannot fit, or two series in another arm.</exception>
    public SampleInput Build(TimeSeries series, TimeSeries pictured)
    {
        if (fitted.Representation.Arm is not Arm.ShuffledImage && !ReferenceEquals(series, pictured))
            throw new RepresentationException(
                $"Arm {fitted.Representation.Arm}: expected text and image of one series, found two series; use the arm shuffled-image.");
        var isOwn = ReferenceEquals(series, pictured);
        SeriesChecks.Check(series, fitted.NumChannels, "Series");
        SeriesChecks.Check(pictured, fitted.NumChannels, "Pictured series");
        if (fitted.Components is { } components)
        {
            series = components.Apply(series);
            pictured = isOwn ? series : components.Apply(pictured);
        }
        var (text, factor) = Shortened(series);
        return new SampleInput(budget.Prompt(text), Picture(pictured, isOwn ? factor : null), factor)
        {
            Images = fitted.Images,
            Statistics = SeriesText.HasStatistics(fitted.Representation) ? StatisticsVector.Of(series, fitted.Scales) : null,
        };
    }

    /// <summary>The input that says nothing of any series: the question alone, with an empty image where there is an image.</summary>
    public SampleInput Blank() =>
        new(budget.Prompt(""), fitted.Representation.HasImage ? [.. blank.Value] : null, fitted.DownsamplingFactor) { Images = fitted.Images };

    /// <summary>Tokens of the whole sequence: begin token, prompt, image tokens, the longest answer and end token.</summary>
    public int CountTokens(SampleInput input) => budget.TokensOfPrompt(input.Prompt);

    private (string Text, int Factor) Shortened(TimeSeries series)
    {
        var text = new SeriesText(series, fitted.Representation, fitted.Scales);
        // A series shorter than the fitted factor is a single point already.
        var largest = Math.Max(fitted.DownsamplingFactor, FittedRepresentation.LargestFactor(fitted.Representation, series.Length));
        for (var factor = fitted.DownsamplingFactor; factor <= largest; factor++)
        {
            var written = text.WithFactor(factor);
            if (budget.Fits(written)) return (written, factor);
        }
        throw FittedRepresentation.CannotFit("Series", text, budget, fitted.Representation, largest);
    }

    private byte[]? Picture(TimeSeries series, int? factor)
    {
        if (fitted.Representation.Arm is Arm.Text) return null;
        if (fitted.Representation.Arm is Arm.BlankImage) return [.. blank.Value];
        var drawn = fitted.Representation.PlotFrom is PlotSource.Raw
            ? Downsampler.Shorten(series, DownsamplingMethod.None, 1)
            : Downsampler.Shorten(series, fitted.Representation.Downsampling, factor ?? Shortened(series).Factor);
        return draw(drawn);
    }
}
