using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>A copy of a network's weights and running statistics as they were after the epoch of least loss, the first of equals.</summary>
internal sealed class BestEpoch : IDisposable
{
    private readonly (Tensor Own, Tensor Copy)[] state;

    /// <summary>Starts without an epoch.</summary>
    /// <param name="network">The network that is trained.</param>
    public BestEpoch(nn.Module network)
    {
        using var noGradient = no_grad();
        state = [.. network.parameters().Concat(network.buffers()).Select(own => (own, own.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>Its loss; infinite before there is one.</summary>
    public double Loss { get; private set; } = double.PositiveInfinity;

    /// <summary>Keeps the network as it is now where its loss is the least so far.</summary>
    public void Offer(double loss)
    {
        if (!(loss < Loss)) return;
        Loss = loss;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (own, copy) in state) copy.copy_(own);
    }

    /// <summary>Makes the network what it was then.</summary>
    /// <exception cref="InvalidOperationException">No epoch had a loss that is a number.</exception>
    public void Restore()
    {
        if (double.IsInfinity(Loss))
            throw new InvalidOperationException("Expected an epoch whose training loss is a finite number, found none.");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (own, copy) in state) own.copy_(copy);
    }

    public void Dispose()
    {
        foreach (var (_, copy) in state) copy.Dispose();
    }
}
