using TsVlm.Contracts;
using TsVlm.Representations;
using TsVlm.ServiceDefaults;
using TsVlm.VisionLanguage;

namespace TsVlm.Trainer;

/// <summary>The samples of a run as its read-out needs them: whole answers to learn, or prompts and the class that a probe tells.</summary>
/// <param name="Train">Samples to learn from.</param>
/// <param name="Validation">Samples that choose what is kept.</param>
/// <param name="NumClasses">Classes of the data set.</param>
internal sealed record TrainingSamples(IReadOnlyList<EncodedSample> Train, IReadOnlyList<EncodedSample> Validation, int NumClasses)
{
    /// <summary>Reads the samples' artifact.</summary>
    public static TrainingSamples Read(string folder, ReadOut readOut, ModelFolder model, SampleEncoding encoding)
    {
        var fitted = Json.Read<FittedRepresentation>(Path.Combine(folder, ArtifactFiles.Fitted));
        var classOf = new SampleBuilder(fitted, model.Inputs).Answers.Index().ToDictionary(answer => answer.Item, answer => answer.Index);
        return new(Encoded(SplitNames.Train), Encoded(SplitNames.Validation), fitted.Classes.Count);

        EncodedSample[] Encoded(string split) => [.. SampleShards.Read(folder, split).Select(sample =>
            readOut is ReadOut.Answer ? encoding.Encode(sample) : encoding.EncodeForProbe(sample.Case, sample.Input, classOf[sample.Answer]))];
    }
}
