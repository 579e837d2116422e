using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Keys and values of the tokens so far, for each layer (B, G, S, K), so that further tokens need no second pass over them.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Dictionary<int, (Tensor Keys, Tensor Values)> layers = [];

    /// <summary>Keys and values of all tokens, the new ones (B, G, T, K) last; they are the cache's from now on.</summary>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        if (!layers.TryGetValue(layer, out var past)) return layers[layer] = (Keep(keys.alias()), Keep(values.alias()));
        var all = (Keep(cat([past.Keys, keys], 2)), Keep(cat([past.Values, values], 2)));
        past.Keys.Dispose();
        past.Values.Dispose();
        return layers[layer] = all;
    }

    public void Dispose()
    {
        foreach (var (keys, values) in layers.Values)
        {
            keys.Dispose();
            values.Dispose();
        }
        layers.Clear();
    }

    private static Tensor Keep(Tensor tensor) => tensor.DetachFromDisposeScope();
}
