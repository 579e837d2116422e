using System.Text.Json.Serialization;
using TsVlm.Baselines.Linear;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Probing;

namespace TsVlm.Trainer;

/// <summary>Fits probes on what was read of the model before it changed.</summary>
/// <param name="readOut">What was read.</param>
/// <param name="features">What was read of each sample, training samples first.</param>
/// <param name="parts">Kinds of these features.</param>
/// <param name="samples">The samples.</param>
/// <param name="device">Where the probes are to be.</param>
/// <param name="cancellationToken">Stops a fit.</param>
internal sealed class ProbeFitting(
    ReadOut readOut, IReadOnlyList<float[]> features, ProbeParts parts, TrainingSamples samples, ComputeDevice device,
    CancellationToken cancellationToken)
{
    /// <summary>A probe fitted on the first samples.</summary>
    public FittedProbe Fit(int numCases)
    {
        int[] classes = [.. samples.All.Take(numCases).Select(sample => sample.Class!.Value)];
        var ridge = RidgeClassifier.Fit([.. features.Take(numCases)], classes, samples.NumClasses,
            parts.Sizes.Count > 1 ? new(parts.Sizes, parts.Shares) : null, cancellationToken);
        var numRight = ridge.LeaveOneOut.Zip(classes).Count(pair => RidgeClassifier.ClassOf(pair.First) == pair.Second);
        return new(new LinearProbe(ridge.Weights, ridge.Intercepts, ridge.InverseTemperature, device.Device),
            new ProbeFacts(readOut, features[0].Length, numCases, ridge.Lambda, (double)numRight / numCases)
            {
                Shares = ridge.Shares.Count > 1 ? ridge.Shares : null,
            });
    }
}

/// <summary>A probe and how it was fitted; the weights may have learnt since.</summary>
internal sealed record FittedProbe(LinearProbe Weights, ProbeFacts Facts) : IDisposable
{
    public void Dispose() => Weights.Dispose();
}

/// <summary>How a probe was fitted, as in <c>probe.json</c>.</summary>
/// <param name="ReadOut">What it reads.</param>
/// <param name="NumFeatures">Numbers that it reads of a sample.</param>
/// <param name="NumCases">Samples that it was fitted on.</param>
/// <param name="Lambda">The ridge's penalty, of least squared leave-one-out error.</param>
/// <param name="LeaveOneOutAccuracy">
/// Share of these samples that a fit without each classifies right; test cases have no part in it.
/// </param>
internal sealed record ProbeFacts(ReadOut ReadOut, int NumFeatures, int NumCases, double Lambda, double LeaveOneOutAccuracy)
{
    /// <summary>
    /// Share of each kind of features: whole images or the language model's states, windows where there are any, statistics where there are
    /// any; null for a single kind.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Shares { get; init; }
}
