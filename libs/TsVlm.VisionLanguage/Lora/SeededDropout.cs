using static TorchSharp.torch;

namespace TsVlm.VisionLanguage;

/// <summary>
/// Dropout from a generator of its own: the global one is shared by everything in the process, which would make
/// the weights depend on what else runs, and a resumed run differ from an undisturbed one.
/// </summary>
internal sealed class SeededDropout(long seed) : IDisposable
{
    private Generator? generator;
    private long seed = seed;

    /// <summary>Starts the sequence of this seed.</summary>
    public void Seed(long next)
    {
        Dispose();
        seed = next;
    }

    /// <summary>Sets each number to zero with the given probability, and scales the rest to keep the mean.</summary>
    public Tensor Apply(Tensor x, double probability)
    {
        if (probability == 0) return x;
        using var scope = NewDisposeScope();
        generator ??= new Generator((ulong)seed, x.device);
        var kept = rand(x.shape, ScalarType.Float32, x.device, generator: generator).ge(Constants.Real(probability)).to(x.dtype);
        return (x * (kept / Constants.Real(1 - probability))).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        generator?.Dispose();
        generator = null;
    }
}
