using TsVlm.Baselines.MiniRocket;
using TsVlm.Data;
using TsVlm.Representations.Images;
using static TorchSharp.torch;

namespace TsVlm.Pretraining;

/// <summary>
/// What the vision tower learns to say of a series' picture: MiniRocket's features (Dempster et al. 2021) of the series and of its
/// differences, brought to their principal components, each of variance 1 over synthetic series. Series are first brought to 256 points of
/// mean 0 and deviation 1, which is all that a zoom mosaic shows of them.
/// </summary>
internal sealed class Teacher : IDisposable
{
    private readonly MiniRocketTransform ofValues, ofDifferences;
    private readonly Tensor means;       // (F)
    private readonly Tensor projection;  // (F, K)

    private Teacher(MiniRocketTransform ofValues, MiniRocketTransform ofDifferences, Tensor means, Tensor projection, double[] shares)
    {
        this.ofValues = ofValues;
        this.ofDifferences = ofDifferences;
        Shares = shares;
        this.means = means.DetachFromDisposeScope();
        this.projection = projection.DetachFromDisposeScope();
    }

    /// <summary>Share of each component in the features' variance, falling.</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>
    /// Fits biases and components on series; the same arguments give the same teacher, but for rounding with another number of threads.
    /// </summary>
    /// <param name="series">More series than components.</param>
    /// <param name="numComponents">Numbers that a series is described by.</param>
    /// <param name="seed">Seed of the biases.</param>
    /// <param name="numThreads">Threads to use.</param>
    /// <param name="cancellationToken">Stops between two series.</param>
    public static Teacher Fit(IReadOnlyList<TimeSeries> series, int numComponents, int seed, int numThreads,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(series.Count, numComponents);
        TimeSeries[] values = [.. series.Select(Points)], differences = [.. values.Select(Differences)];
        var (ofValues, ofDifferences) = (MiniRocketTransform.Fit(values, seed, numThreads, cancellationToken),
            MiniRocketTransform.Fit(differences, seed, numThreads, cancellationToken));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // (N, F)
        var features = Matrix(ofValues.Transform(values, numThreads, cancellationToken),
            ofDifferences.Transform(differences, numThreads, cancellationToken));
        var means = features.mean([0]);
        features.sub_(means);
        // By cases, of which there are fewer than features: eigenvectors U of X X^T give X^T U / sqrt(lambda).
        var (eigenvalues, vectors) = linalg.eigh(features.mm(features.t()).to(ScalarType.Float64));               // rising
        var kept = eigenvalues.slice(0, -numComponents, eigenvalues.shape[0], 1).flip(0).clamp_min(1e-12);         // (K)
        var basis = vectors.slice(1, -numComponents, vectors.shape[1], 1).flip(1);                                 // (N, K)
        // A component's values have variance 1: divided by sqrt(lambda) for unit length, and by sqrt(lambda / N) for the scale.
        var projection = features.t().mm((basis * (Math.Sqrt(series.Count) / kept)).to(ScalarType.Float32));       // (F, K)
        var total = eigenvalues.sum().data<double>()[0];
        double[] shares = [.. kept.data<double>().Select(value => value / total)];
        return new Teacher(ofValues, ofDifferences, means.MoveToOuterDisposeScope(), projection.MoveToOuterDisposeScope(), shares);
    }

    /// <summary>The components of each series: (series, K).</summary>
    public Tensor Describe(IReadOnlyList<TimeSeries> series, int numThreads, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        TimeSeries[] values = [.. series.Select(Points)], differences = [.. values.Select(Differences)];
        var features = Matrix(ofValues.Transform(values, numThreads, cancellationToken),
            ofDifferences.Transform(differences, numThreads, cancellationToken));
        return features.sub_(means).mm(projection).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        means.Dispose();
        projection.Dispose();
    }

    private static TimeSeries Points(TimeSeries series) => new([ZoomMosaic.Normalised(ZoomMosaic.Resampled(series.Channel(0).ToArray()))]);

    private static TimeSeries Differences(TimeSeries series)
    {
        var values = series.Channel(0);
        var differences = new double[ZoomMosaic.NumPoints - 1];
        for (var t = 0; t < differences.Length; t++) differences[t] = values[t + 1] - values[t];
        return new([differences]);
    }

    private static Tensor Matrix(float[][] left, float[][] right)
    {
        using var scope = NewDisposeScope();
        return stack(left.Zip(right).Select(pair => tensor([.. pair.First, .. pair.Second]))).MoveToOuterDisposeScope();
    }
}
