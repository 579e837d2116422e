using TsVlm.Baselines.MiniRocket;
using TsVlm.Data;
using TsVlm.Representations.Images;
using static TorchSharp.torch;

namespace TsVlm.Pretraining;

/// <summary>
/// What the vision tower learns to say of a series' picture: MiniRocket's (Dempster et al. 2021) and Hydra's features
/// (<see cref="CompetingKernels"/>) of the series and of its differences, brought to their principal components, each of variance 1 over
/// synthetic series. Series are first brought to 256 points of mean 0 and deviation 1, which is all that a zoom mosaic shows of them.
/// </summary>
internal sealed class Teacher : IDisposable
{
    // Groups of competing kernels, of the values and of their differences each.
    private const int NumGroups = 8;

    private readonly FeatureMaker ofValues, ofDifferences;
    private readonly Tensor means;       // (F)
    private readonly Tensor projection;  // (F, K)

    private Teacher(FeatureMaker ofValues, FeatureMaker ofDifferences, Tensor means, Tensor projection, double[] shares)
    {
        (this.ofValues, this.ofDifferences) = (ofValues, ofDifferences);
        Shares = shares;
        this.means = means.DetachFromDisposeScope();
        this.projection = projection.DetachFromDisposeScope();
    }

    /// <summary>Share of each component in the features' variance, falling.</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>
    /// Fits biases and components on series; the same arguments give the same teacher, but for rounding with another number of threads.
    /// </summary>
    /// <param name="series">More series than components, of one channel each.</param>
    /// <param name="numComponents">Numbers that a series is described by.</param>
    /// <param name="seed">Seed of biases and kernels.</param>
    /// <param name="numThreads">Threads to use.</param>
    /// <param name="cancellationToken">Stops between two series.</param>
    public static Teacher Fit(IReadOnlyList<TimeSeries> series, int numComponents, int seed, int numThreads,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(series.Count, numComponents);
        TimeSeries[] values = [.. series.Select(Points)], differences = [.. values.Select(Differences)];
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var ofValues = new FeatureMaker(values, seed, numThreads, cancellationToken);
        var ofDifferences = new FeatureMaker(differences, seed + 1, numThreads, cancellationToken);
        // (N, F)
        var features = cat([ofValues.Features(values, numThreads, cancellationToken),
            ofDifferences.Features(differences, numThreads, cancellationToken)], 1);
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
        var features = cat([ofValues.Features(values, numThreads, cancellationToken),
            ofDifferences.Features(differences, numThreads, cancellationToken)], 1);
        return features.sub_(means).mm(projection).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ofValues.Dispose();
        ofDifferences.Dispose();
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

    /// <summary>MiniRocket's and Hydra's features of series of one length, the latter with half of the former's variance.</summary>
    private sealed class FeatureMaker : IDisposable
    {
        private readonly MiniRocketTransform rocket;
        private readonly CompetingKernels kernels;
        private readonly Tensor scale;   // of Hydra's features: a scalar

        public FeatureMaker(TimeSeries[] series, int seed, int numThreads, CancellationToken cancellationToken)
        {
            rocket = MiniRocketTransform.Fit(series, seed, numThreads, cancellationToken);
            kernels = new(NumGroups, seed);
            using var scope = NewDisposeScope();
            var shares = Shares(series, numThreads, cancellationToken);
            scale = (shares.var([0]).sum() / kernels.Features(Matrix(series)).var([0]).sum() / tensor(2f)).sqrt().DetachFromDisposeScope();
        }

        /// <summary>(N, F).</summary>
        public Tensor Features(TimeSeries[] series, int numThreads, CancellationToken cancellationToken)
        {
            using var scope = NewDisposeScope();
            return cat([Shares(series, numThreads, cancellationToken), kernels.Features(Matrix(series)) * scale], 1)
                .MoveToOuterDisposeScope();
        }

        public void Dispose()
        {
            kernels.Dispose();
            scale.Dispose();
        }

        private Tensor Shares(TimeSeries[] series, int numThreads, CancellationToken cancellationToken)
        {
            using var scope = NewDisposeScope();
            return stack(rocket.Transform(series, numThreads, cancellationToken).Select(row => tensor(row))).MoveToOuterDisposeScope();
        }

        private static Tensor Matrix(TimeSeries[] series)
        {
            using var scope = NewDisposeScope();
            return stack(series.Select(one => tensor(Array.ConvertAll(one.Channel(0).ToArray(), value => (float)value))))
                .MoveToOuterDisposeScope();
        }
    }
}
