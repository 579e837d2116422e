using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations;

namespace TsVlm.Datagen;

/// <summary>Puts inputs and answers together: the one place where a label meets the sample built without it.</summary>
/// <param name="dataset">The cases.</param>
/// <param name="builder">Builds inputs from series.</param>
/// <param name="arm">Says whether a sample shows its own image.</param>
/// <param name="seed">Seed of the exchange of images.</param>
internal sealed class SampleMaking(Dataset dataset, SampleBuilder builder, Arm arm, int seed)
{
    private readonly Dictionary<string, string> answers =
        dataset.Classes.Zip(builder.Answers).ToDictionary(pair => pair.First, pair => pair.Second);

    /// <summary>The samples of one split, in the order of its cases.</summary>
    public IEnumerable<Sample> Make(IReadOnlyList<int> cases)
    {
        var pictured = arm is Arm.ShuffledImage ? Exchanged(cases, seed) : cases;
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
