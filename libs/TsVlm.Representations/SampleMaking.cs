using TsVlm.Contracts;
using TsVlm.Data;

namespace TsVlm.Representations;

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
    private readonly int seed;

    /// <summary>Fits the representation on the training split.</summary>
    /// <param name="dataset">The cases.</param>
    /// <param name="split">Which case is where.</param>
    /// <param name="representation">How a series becomes a sample.</param>
    /// <param name="model">What the model reads.</param>
    /// <param name="seed">Seed of the exchange of images, where the arm has one.</param>
    /// <exception cref="RepresentationException">A training sample does not fit the context, or classes have no distinct answers.</exception>
    public SampleMaking(Dataset dataset, DatasetSplit split, Representation representation, ModelInputs model, int seed)
    {
        (this.dataset, this.split, this.seed) = (dataset, split, seed);
        Fitted = FittedRepresentation.Fit(representation, model, dataset.Classes, [.. split.Train.Select(i => dataset.Cases[i].Series)], dataset.ClassTexts)
            with { HasLabelSets = dataset.HasLabelSets };
        builder = new SampleBuilder(Fitted, model);
        answers = dataset.Classes.Zip(builder.Answers).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>The representation with all that it took from the training split.</summary>
    public FittedRepresentation Fitted { get; }

    /// <summary>Number of samples of all splits.</summary>
    public int NumSamples => split.Train.Count + split.Validation.Count + split.Test.Count;

    /// <summary>The samples of each split under its name, in the order of its cases, made while they are enumerated.</summary>
    public IEnumerable<(string Name, IEnumerable<Sample> Samples)> Splits =>
        [(SplitNames.Train, Make(split.Train)), (SplitNames.Validation, Make(split.Validation)), (SplitNames.Test, Make(split.Test))];

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
