using TorchSharp;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019), step for step that of PyTorch. It is here because a training that
/// is continued must give the same bits, and so its moments must be saved and restored exactly.
/// </summary>
internal sealed class AdamW : IDisposable
{
    internal const double Beta1 = 0.9;
    internal const double Beta2 = 0.999;
    internal const double Epsilon = 1e-8;

    private readonly TrainedParameters parameters;
    private readonly double weightDecay;
    private readonly Moments[] state;

    public AdamW(TrainedParameters parameters, double weightDecay)
    {
        this.parameters = parameters;
        this.weightDecay = weightDecay;
        state = [.. parameters.Select(
            p => new Moments(zeros_like(p.Tensor).DetachFromDisposeScope(), zeros_like(p.Tensor).DetachFromDisposeScope()))];
    }

    /// <summary>First and second moment of each parameter, in the order of the parameters.</summary>
    public IReadOnlyList<Moments> State => state;

    /// <summary>
    /// Changes the parameters by their gradients; <paramref name="scheduleFactor"/> multiplies each one's highest learning rate.
    /// A parameter without a gradient (such as the vision layers above the one that is read) stays as it is, and one that does not decay
    /// (<see cref="TrainedParameter.Decays"/>) has no weight decay.
    /// </summary>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="scheduleFactor">Share of the highest learning rate.</param>
    /// <param name="gradientFactor">What every gradient is multiplied with first, to clip it.</param>
    public void Step(int step, double scheduleFactor, double gradientFactor = 1)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var onSpans = new FusedAdamW((float)gradientFactor);
        var firstCorrection = 1 - Math.Pow(Beta1, step + 1);
        var secondCorrection = Math.Sqrt(1 - Math.Pow(Beta2, step + 1));
        foreach (var (parameter, moments) in parameters.Zip(state))
        {
            if (parameter.Tensor.grad is not { } gradient) continue;
            var rate = parameter.LearningRate * scheduleFactor;
            var (decay, stride) = (parameter.Decays ? 1 - rate * weightDecay : 1, -rate / firstCorrection);
            if (!onSpans.TryAdd(parameter.Tensor, gradient, moments, (float)decay, (float)stride, (float)secondCorrection))
                StepOnTensors(parameter.Tensor, gradient, moments, gradientFactor, (decay, stride, secondCorrection));
        }
        onSpans.Run();
    }

    /// <summary>The same by tensor operations, for devices and types that <see cref="FusedAdamW"/> does not know.</summary>
    private static void StepOnTensors(Tensor weight, Tensor gradient, Moments moments, double gradientFactor, (double Decay, double Stride,
        double Correction) at)
    {
        // The numbers of this step live until its end: see Constants.
        using Scalar clipping = gradientFactor;
        using Scalar decay = at.Decay;
        using Scalar stride = at.Stride;
        using Scalar correction = at.Correction;
        if (gradientFactor != 1) gradient.mul_(clipping);
        weight.mul_(decay);
        moments.First.mul_(Constants.Real(Beta1)).add_(gradient, alpha: Constants.Real(1 - Beta1));
        moments.Second.mul_(Constants.Real(Beta2)).addcmul_(gradient, gradient, value: Constants.Real(1 - Beta2));
        var deviation = moments.Second.sqrt().div_(correction).add_(Constants.Real(Epsilon), Constants.Whole(1));
        weight.addcdiv_(moments.First, deviation, value: stride);
    }

    public void Dispose()
    {
        foreach (var (first, second) in state)
        {
            first.Dispose();
            second.Dispose();
        }
    }

    /// <summary>Running means of a parameter's gradient and of its square.</summary>
    internal sealed record Moments(Tensor First, Tensor Second);
}
