using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Runs layers without keeping their activations, and computes them again in the backward pass (Chen et al. 2016). What is kept is each
/// layer's input. docs/adr/0012-gradient-checkpointing.md tells why this is no autograd function.
/// </summary>
internal sealed class GradientCheckpointing : IDisposable
{
    private readonly Stack<Recorded> layers = new();
    private readonly List<Tensor> kept = [];

    /// <summary>Keeps tensors that the layers share until the tape is disposed.</summary>
    public void Keep(IEnumerable<Tensor> shared) => kept.AddRange(shared.Select(tensor => tensor.DetachFromDisposeScope()));

    /// <summary>
    /// The layer's output. It starts a graph of its own: gradients reach the layer in <see cref="Backward"/>. A layer that needs no
    /// gradient, since neither it nor anything below it learns, is run as it is.
    /// </summary>
    public Tensor Run(nn.Module layer, Tensor input, Func<Tensor, Tensor> forward)
    {
        if (!input.requires_grad && !layer.parameters().Any(weight => weight.requires_grad)) return forward(input);
        Tensor output;
        using (no_grad()) output = forward(input);
        output.requires_grad_(true);
        layers.Push(new(input.alias().DetachFromDisposeScope(), output.DetachFromDisposeScope(), forward));
        return output.alias();
    }

    /// <summary>
    /// Takes the gradients of the last layer's output, which <c>loss.backward()</c> left there, down through all layers and what is below
    /// them.
    /// </summary>
    public void Backward()
    {
        while (layers.TryPop(out var layer))
        {
            using var scope = NewDisposeScope();
            using var _ = layer;
            if (layer.Output.grad is not { } gradient) continue;   // the loss does not depend on it
            layer.Forward(layer.Input).backward([gradient]);
        }
    }

    public void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
        foreach (var tensor in kept) tensor.Dispose();
        layers.Clear();
        kept.Clear();
    }

    private sealed record Recorded(Tensor Input, Tensor Output, Func<Tensor, Tensor> Forward) : IDisposable
    {
        public void Dispose()
        {
            Input.Dispose();
            Output.Dispose();
        }
    }
}
