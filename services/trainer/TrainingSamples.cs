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
/// <param name="Builder">Knows the answer of each class, in the data set's order.</param>
/// <param name="Folder">The folder that they were read from.</param>
internal sealed record TrainingSamples(IReadOnlyList<EncodedSample> Train, IReadOnlyList<EncodedSample> Validation, SampleBuilder Builder,
    string Folder)
{
    /// <summary>Training samples, and behind them those for validation, as they are learnt from where nothing is chosen by them.</summary>
    public IReadOnlyList<EncodedSample> All { get; } = [.. Train, .. Validation];

    /// <summary>Classes of the data set.</summary>
    public int NumClasses => Builder.Answers.Count;

    /// <summary>Reads the samples' artifact.</summary>
    public static TrainingSamples Read(string folder, ReadOut readOut, ModelFolder model, SampleEncoding encoding)
    {
        var fitted = Json.Read<FittedRepresentation>(Path.Combine(folder, ArtifactFiles.Fitted));
        var builder = new SampleBuilder(fitted, model.Inputs);
        var classOf = builder.Answers.Index().ToDictionary(answer => answer.Item, answer => answer.Index);
        return new(Encoded(SplitNames.Train, encoding.Encode), Encoded(SplitNames.Validation, encoding.EncodeForValidation), builder,
            folder);

        EncodedSample[] Encoded(string split, Func<Sample, EncodedSample> encode) => [.. SampleShards.Read(folder, split).Select(sample =>
            readOut is ReadOut.Answer ? encode(sample) : encoding.EncodeForProbe(sample.Case, sample.Input, classOf[sample.Answer]))];
    }
}
