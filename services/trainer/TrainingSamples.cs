using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Inputs;

namespace TsVlm.Trainer;

/// <summary>The samples of a run as its read-out needs them: whole answers to learn, or prompts and the class that a probe tells.</summary>
/// <param name="Train">Samples to learn from.</param>
/// <param name="Validation">Samples that choose what is kept.</param>
/// <param name="Answers">The answer of each class, in the data set's order.</param>
internal sealed record TrainingSamples(IReadOnlyList<EncodedSample> Train, IReadOnlyList<EncodedSample> Validation,
    IReadOnlyList<string> Answers)
{
    /// <summary>Classes of the data set.</summary>
    public int NumClasses => Answers.Count;

    /// <summary>Reads the samples' artifact.</summary>
    public static TrainingSamples Read(string folder, ReadOut readOut, ModelFolder model, SampleEncoding encoding)
    {
        var fitted = Json.Read<FittedRepresentation>(Path.Combine(folder, ArtifactFiles.Fitted));
        var answers = new SampleBuilder(fitted, model.Inputs).Answers;
        var classOf = answers.Index().ToDictionary(answer => answer.Item, answer => answer.Index);
        return new(Encoded(SplitNames.Train, encoding.Encode), Encoded(SplitNames.Validation, encoding.EncodeForValidation), answers);

        EncodedSample[] Encoded(string split, Func<Sample, EncodedSample> encode) => [.. SampleShards.Read(folder, split).Select(sample =>
            readOut is ReadOut.Answer ? encode(sample) : encoding.EncodeForProbe(sample.Case, sample.Input, classOf[sample.Answer]))];
    }
}
