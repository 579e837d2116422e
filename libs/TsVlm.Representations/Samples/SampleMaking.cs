using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Rationales;

namespace TsVlm.Representations.Samples;

/// <summary>
/// Makes the samples of a data set for one model: the representation is fitted on the training split alone, and each input, built without
/// sight of the label, meets its answer here and nowhere else.
/// </summary>
public sealed class SampleMaking
{
    private readonly Dataset dataset;
    private readonly DatasetSplit split;
    private readonly SampleBuilder builder;
    private readonly Dictionary<string, string> answers;
    private readonly IReadOnlyDictionary<int, string> rationales;
    private readonly int seed;

    /// <summary>Fits the representation on the training split.</summary>
    /// <param name="dataset">The cases.</param>
    /// <param name="split">Which case is where.</param>
    /// <param name="representation">How a series becomes a sample.</param>
    /// <param name="model">What the model reads.</param>
    /// <param name="seed">Seed of the exchange of images, where the arm has one.</param>
    /// <param name="file">The rationales, where the representation takes them from a file.</param>
    /// <exception cref="RepresentationException">
    /// A training sample does not fit the context, classes have no distinct answers, or another file is given than is named.
    /// </exception>
    /// <exception cref="DataException">The rationales are of other cases than the training split's.</exception>
    public SampleMaking(Dataset dataset, DatasetSplit split, Representation representation, ModelInputs model, int seed,
        RationaleFile? file = null)
    {
        this.dataset = dataset;
        this.split = split;
        this.seed = seed;
        Fitted = FittedRepresentation.Fit(representation, model, dataset.Classes, [.. split.Train.Select(i => dataset.Cases[i].Series)],
            dataset.ClassTexts)
            with { HasLabelSets = dataset.HasLabelSets };
        builder = new SampleBuilder(Fitted, model);
        answers = dataset.Classes.Zip(builder.Answers).ToDictionary(pair => pair.First, pair => pair.Second);
        rationales = TrainingRationales.Of(dataset, split, Fitted, model, file);
    }

    /// <summary>The representation with all that it took from the training split.</summary>
    public FittedRepresentation Fitted { get; }

    /// <summary>What a user should know of the rationales, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => Fitted.Representation.Rationale is null || rationales.Count == split.Train.Count ? [] :
        [$"{split.Train.Count - rationales.Count} of {split.Train.Count} training cases have no rationale and are learnt by their answers alone."];

    /// <summary>Number of samples of all splits.</summary>
    public int NumSamples => split.Train.Count + split.Validation.Count + split.Test.Count;

    /// <summary>The samples of each split under its name, in the order of its cases, made while they are enumerated.</summary>
    public IEnumerable<(string Name, IEnumerable<Sample> Samples)> Splits =>
        [(SplitNames.Train, Make(split.Train)
            .Select(Explained)), (SplitNames.Validation, Make(split.Validation)), (SplitNames.Test, Make(split.Test))];

    /// <summary>
    /// The rationale to learn with a training case, empty where there is none; null for other cases, and for a representation without
    /// rationales.
    /// </summary>
    public string? RationaleOf(int number) =>
        Fitted.Representation.Rationale is null || !split.Train.Contains(number) ? null : rationales.GetValueOrDefault(number, "");

    /// <summary>Training samples alone ever get here.</summary>
    private Sample Explained(Sample sample) =>
        Fitted.Representation.Rationale is null ? sample : sample with { Rationale = rationales.GetValueOrDefault(sample.Case, "") };

    private IEnumerable<Sample> Make(IReadOnlyList<int> cases)
    {
        var pictured = Fitted.Representation.Arm is Arm.ShuffledImage ? Exchanged(cases, seed) : cases;
        for (var i = 0; i < cases.Count; i++)
        {
            var shown = dataset.Cases[cases[i]];
            var input = builder.Build(shown.Series, dataset.Cases[pictured[i]].Series);
            yield return new(cases[i], input, answers[shown.Label]);
        }
    }

    /// <summary>
    /// Gives every case the image of another one: a seeded order in which each takes its successor's image, so that no case
    /// keeps its own (Sattolo 1986) unless it is alone.
    /// </summary>
    internal static IReadOnlyList<int> Exchanged(IReadOnlyList<int> cases, int seed)
    {
        var exchanged = cases.ToArray();
        var random = new Random(seed);
        for (var i = exchanged.Length - 1; i > 0; i--)
        {
            var j = random.Next(i);
            (exchanged[i], exchanged[j]) = (exchanged[j], exchanged[i]);
        }
        return exchanged;
    }
}
