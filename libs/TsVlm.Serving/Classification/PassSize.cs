using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.Representations.Samples;

namespace TsVlm.Serving.Classification;

/// <summary>
/// How many series may share a pass through a model without a change of their answers' bits. The tensor library rounds by the shapes that
/// it computes with. Where these depend on a prompt, a pass has one series. A probe on the vision tower reads images of one size, so the
/// check covers every pass that can occur.
/// </summary>
internal static class PassSize
{
    // A prompt of numbers may have room for short series only.
    private static readonly int[] Lengths = [128, 32, 8, 2];

    /// <summary>The largest number up to which every pass gives the bits of passes of one; also warms the model up.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="max">Most series of a pass.</param>
    public static int Find(SeriesClassifier classifier, int max)
    {
        var readsTower = classifier.Run.FineTuned!.Scenario.Recipe.ReadOut is ReadOut.TowerProbe;
        var inputs = Inputs(classifier, readsTower ? max : 1);
        var alone = inputs.Select(input => classifier.Classify([input])[0]).ToArray();
        var size = 1;
        while (size < inputs.Length && IsEqual(classifier.Classify(inputs[..(size + 1)]), alone)) size++;
        return size;
    }

    private static bool IsEqual(IReadOnlyList<SeriesAnswer> pass, SeriesAnswer[] alone) =>
        pass.Zip(alone).All(pair => pair.First.Probabilities.SequenceEqual(pair.Second.Probabilities));

    private static SampleInput[] Inputs(SeriesClassifier classifier, int count)
    {
        foreach (var length in Lengths)
        {
            try
            {
                return [.. Enumerable.Range(0, count).Select(number => classifier.Build(Walk(number, classifier.NumChannels, length)))];
            }
            catch (RepresentationException) when (length > Lengths[^1])
            {
            }
        }
        throw new InvalidOperationException("The shortest series is built or refused.");
    }

    private static TimeSeries Walk(int seed, int numChannels, int length)
    {
        var random = new Random(seed);
        return new(Enumerable.Range(0, numChannels).Select(_ => Walk(random, length)));
    }

    private static double[] Walk(Random random, int length)
    {
        var (values, level) = (new double[length], 0.0);
        for (var t = 0; t < values.Length; t++) values[t] = level += random.NextDouble() - 0.5;
        return values;
    }
}
