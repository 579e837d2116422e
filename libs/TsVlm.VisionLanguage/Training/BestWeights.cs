using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Training;

/// <summary>A copy of the weights that learn, taken where the validation loss was lowest.</summary>
internal sealed class BestWeights(TrainedParameters parameters) : IDisposable
{
    private Tensor[] copies = [];

    /// <summary>The copies in the order of the parameters; empty before the first <see cref="Keep()"/>.</summary>
    public IReadOnlyList<Tensor> Copies => copies;

    /// <summary>Copies the weights as they are now.</summary>
    public void Keep() => Keep(parameters.Select(p => p.Tensor));

    /// <summary>Copies weights that were read from a file.</summary>
    public void Keep(IEnumerable<Tensor> weights)
    {
        using var noGradient = no_grad();
        Dispose();
        copies = [.. weights.Select(w => w.clone().DetachFromDisposeScope())];
    }

    /// <summary>Puts the copies into the model, where there are any.</summary>
    public void PutBack()
    {
        using var noGradient = no_grad();
        foreach (var (parameter, copy) in parameters.Zip(copies)) parameter.Tensor.copy_(copy);
    }

    public void Dispose()
    {
        foreach (var copy in copies) copy.Dispose();
        copies = [];
    }
}
