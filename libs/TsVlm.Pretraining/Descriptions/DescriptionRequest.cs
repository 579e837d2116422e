using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;

namespace TsVlm.Pretraining.Descriptions;

/// <summary>Asks a model to describe a series: a zoom mosaic of each channel, and one sentence.</summary>
/// <param name="model">The model's image size, template and tokenizer.</param>
internal sealed class DescriptionRequest(ModelInputs model)
{
    private const string Question = "Describe the series.";
    // Needed to fit a representation; the question does not name them.
    private static readonly string[] NoClasses = ["0", "1"];
    private static readonly Representation Picture = new()
    {
        Arm = Arm.Image, Text = TextKind.None, Image = ImageKind.ZoomMosaic, Answers = AnswerFormat.Index,
    };

    /// <summary>What the model is shown.</summary>
    /// <exception cref="RepresentationException">Unusable values, or more channels than fit the context.</exception>
    public SampleInput Of(TimeSeries series)
    {
        var fitted = FittedRepresentation.Fit(Picture, model, NoClasses, [series]);
        return new SampleBuilder(fitted, model).Build(series) with { Prompt = model.Template.Prompt(Question, fitted.Images.Marks) };
    }
}
