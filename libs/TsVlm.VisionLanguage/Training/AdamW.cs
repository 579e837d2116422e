using TorchSharp;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019), step for step that of PyTorch. It is here because a training that
/// is continued must give the same bits, and so its moments must be saved and restored exactly.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly TrainedParameters _parameters;
    private readonly double _weightDecay;
    private readonly Moments[] _moments;

    public AdamW(TrainedParameters parameters, double weightDecay)
    {
        _parameters = parameters;
        _weightDecay = weightDecay;
        _moments = [.. parameters.Select(p => new Moments(zeros_like(p.Tensor).DetachFromDisposeScope(), zeros_like(p.Tensor).DetachFromDisposeScope()))];
    }

    /// <summary>First and second moment of each parameter, in the order of the parameters.</summary>
    public IReadOnlyList<Moments> State => _moments;

    /// <summary>
    /// Changes the parameters by their gradients; <paramref name="scheduleFactor"/> multiplies each one's highest learning rate.
    /// A parameter without a gradient (such as the vision layers above the one that is read) stays as it is.
    /// </summary>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="scheduleFactor">Share of the highest learning rate.</param>
    public void Step(int step, double scheduleFactor)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // The numbers of this step live until its end: see Constants.
        var firstCorrection = 1 - Math.Pow(Beta1, step + 1);
        using Scalar secondCorrection = Math.Sqrt(1 - Math.Pow(Beta2, step + 1));
        foreach (var (parameter, moments) in _parameters.Zip(_moments))
        {
            if (parameter.Tensor.grad is not { } gradient) continue;
            var rate = parameter.LearningRate * scheduleFactor;
            using Scalar decay = 1 - rate * _weightDecay;
            using Scalar stride = -rate / firstCorrection;
            parameter.Tensor.mul_(decay);
            moments.First.mul_(Constants.Real(Beta1)).add_(gradient, alpha: Constants.Real(1 - Beta1));
            moments.Second.mul_(Constants.Real(Beta2)).addcmul_(gradient, gradient, value: Constants.Real(1 - Beta2));
            var deviation = moments.Second.sqrt().div_(secondCorrection).add_(Constants.Real(Epsilon), Constants.Whole(1));
            parameter.Tensor.addcdiv_(moments.First, deviation, value: stride);
        }
    }

    public void Dispose()
    {
        foreach (var (first, second) in _moments)
        {
            first.Dispose();
            second.Dispose();
        }
    }

    /// <summary>Running means of a parameter's gradient and of its square.</summary>
    internal sealed record Moments(Tensor First, Tensor Second);
}
