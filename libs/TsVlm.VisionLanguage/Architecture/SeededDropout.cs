using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Dropout whose masks follow from a seed and the layer alone. Not from the global generator, which everything in the process shares: the
/// weights would depend on what else runs. Nor from one sequence for all layers: one that is computed again must drop the same numbers.
/// </summary>
internal sealed class SeededDropout(long seed)
{
    private long seed = seed;
    private int numPlaces;

    /// <summary>The masks of this seed from now on; every pass has the same until the next seed.</summary>
    public void Seed(long next) => seed = next;

    /// <summary>Dropout for one more layer, with masks of its own.</summary>
    public Place NextPlace() => new(this, numPlaces++);

    /// <summary>Dropout of one layer.</summary>
    internal sealed class Place(SeededDropout owner, int number)
    {
        /// <summary>Sets each number to zero with the given probability, and scales the rest to keep the mean.</summary>
        public Tensor Apply(Tensor x, double probability)
        {
            if (probability == 0) return x;
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)SeedSequence.OfDropoutPlace(owner.seed, number), x.device);
            // The backward pass keeps the mask, a byte for each number.
            var dropped = rand(x.shape, ScalarType.Float32, x.device, generator: generator).lt(Constants.Real(probability));
            return (x.masked_fill(dropped, Constants.Real(0)) * Constants.Real(1 / (1 - probability))).MoveToOuterDisposeScope();
        }
    }
}
