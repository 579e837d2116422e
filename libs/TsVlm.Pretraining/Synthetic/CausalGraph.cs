using TsVlm.Data.Generators;

namespace TsVlm.Pretraining.Synthetic;

/// <summary>
/// Signals that cause one another, after CauKer (2025): the first nodes of an acyclic graph are <see cref="Components"/>; each later node is a
/// function of a weighted sum of one to three earlier nodes, some of them delayed.
/// </summary>
internal static class CausalGraph
{
    private const int MaxParents = 3, MaxHidden = 4;
    private const double LongestDelay = 0.25, ChanceOfDelay = 0.5, LeastNoise = 1e-3, MostNoise = 0.3;

    private static readonly Func<double, double>[] Functions =
        [value => value, Math.Tanh, Math.Sin, value => Math.Max(0, value), value => value * value, Math.Abs];

    /// <summary>The last nodes of a graph, one per channel: (channels)(length), each of mean 0 and deviation 1.</summary>
    public static double[][] Draw(int length, int numChannels, Random random)
    {
        var numNodes = numChannels + random.Next(1, MaxHidden + 1);
        var numRoots = random.Next(1, Math.Max(2, numNodes - numChannels + 1));
        var nodes = new List<double[]>();
        for (var node = 0; node < numNodes; node++)
            nodes.Add(node < numRoots ? Components.Draw(length, random) : Caused(nodes, length, random));
        return [.. nodes.TakeLast(numChannels)];
    }

    private static double[] Caused(List<double[]> nodes, int length, Random random)
    {
        var values = new double[length];
        for (var parents = random.Next(1, MaxParents + 1); parents > 0; parents--)
        {
            var (parent, weight) = (nodes[random.Next(nodes.Count)], random.Normal());
            var delay = random.NextDouble() < ChanceOfDelay ? random.Next(1 + (int)(LongestDelay * length)) : 0;
            for (var t = 0; t < length; t++) values[t] += weight * parent[Math.Max(0, t - delay)];
        }
        var function = Functions[random.Next(Functions.Length)];
        var noise = random.LogUniform(LeastNoise, MostNoise);
        return Signals.Normalised(Array.ConvertAll(Signals.Normalised(values), value => function(value) + (noise * random.Normal())));
    }
}
