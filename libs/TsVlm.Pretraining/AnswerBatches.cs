using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Models;
using TsVlm.Pretraining.Descriptions;
using TsVlm.Pretraining.Synthetic;
using TsVlm.Representations;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Images;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.Pretraining;

/// <summary>
/// Prompts as a scenario's, for projector and decoder. Each group of series is a data set of its own, with classes that mean nothing and
/// scales fitted on the group. A series has one, two or four images: of as many channels, or of the whole and its halves. The targets are
/// the teacher's first components of each image, K of all images together, and, where the prompt states them, the statistics of each
/// channel, so that the decoder learns to read numbers. Every second batch asks for a description instead.
/// </summary>
internal sealed class AnswerBatches : IPretrainingBatches
{
    private const double ChanceOfStatistics = 0.6, ChanceOfUnequalLengths = 0.2;
    // Statistics weigh as much of the loss together; the teacher's components the rest.
    private const double ShareOfStatistics = 0.25;

    private static readonly Shape[] Shapes = [.. new (int Channels, bool HasWindows)[] { (1, false), (2, false), (4, false), (1, true) }
        .SelectMany(shape => new[] { false, true }.Select(states => new Shape(shape.Channels, shape.HasWindows, states)))];

    // Chances of the shapes above, without regard to statistics.
    private static readonly double[] Chances = [0.5, 0.2, 0.15, 0.15];

    private readonly PretrainingSettings settings;
    private readonly SyntheticSeries series;
    private readonly Teacher teacher;
    private readonly ModelInputs inputs;
    private readonly SampleEncoding encoding;
    private readonly BatchFormat format;
    private readonly DescribedSeries described;
    private readonly DescriptionRequest request;

    public AnswerBatches(ModelFolder folder, PretrainingSettings settings, SyntheticSeries series, Teacher teacher)
    {
        (this.settings, this.series, this.teacher, inputs) = (settings, series, teacher, folder.Inputs);
        encoding = new SampleEncoding(folder);
        format = encoding.Format(ComputeDevice.Cpu);
        described = new DescribedSeries(settings.Seed);
        request = new DescriptionRequest(folder.Inputs);
        TargetWeights = [.. Shapes.Select(WeightsOf)];
    }

    public IReadOnlyList<IReadOnlyList<double>> TargetWeights { get; }

    public PretrainingBatch Of(int step, CancellationToken cancellationToken) =>
        settings.Descriptions && step % 2 != 0 ? Described(step) : Distilled(step, cancellationToken);

    private DistillationBatch Distilled(int step, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var random = new Random(HashCode(step));
        var shape = Draw(random);
        var numGroups = Math.Max(1, settings.BatchSize / PretrainingSettings.GroupSize / shape.NumImages);
        var firstGroup = (long)step * settings.BatchSize / PretrainingSettings.GroupSize;
        var (encoded, images) = (new List<EncodedSample>(), new List<TimeSeries>());
        for (var group = 0; group < numGroups; group++)
        {
            var members = Cut(series.Group(firstGroup + group, PretrainingSettings.GroupSize, shape.NumChannels,
                shape.HasWindows ? SampleImages.ShortestWithWindows : SyntheticSeries.Shortest), random);
            var builder = new SampleBuilder(FittedRepresentation.Fit(shape.Representation, inputs, SyntheticClasses.Names(random), members), inputs);
            foreach (var one in members)
            {
                encoded.Add(encoding.EncodeForProbe(encoded.Count, builder.Build(one), 0));
                images.AddRange(shape.Images(one));
            }
        }
        var batch = Batch.Of(encoded, format);
        // (N * I, K) -> (N, I, K / I) -> (N, K)
        var components = teacher.Describe(images, 1, cancellationToken).narrow(1, 0, settings.NumComponents / shape.NumImages)
            .reshape(encoded.Count, -1);
        var targets = shape.HasStatistics
            ? cat([components, stack(encoded.Select(sample => tensor(StatisticsTargets(sample.Statistics))))], 1)
            : components;
        return new DistillationBatch(batch.Images!, targets.DetachFromDisposeScope(), batch)
        {
            TargetSet = Array.IndexOf(Shapes, shape), GroupSize = PretrainingSettings.GroupSize,
        };
    }

    private CaptionBatch Described(int step)
    {
        var random = new Random(HashCode(step));
        var numChannels = Draw(random).NumChannels;
        var (count, first) = (Math.Max(1, settings.BatchSize / numChannels), (long)step * settings.BatchSize);
        return new CaptionBatch(Batch.Of([.. Enumerable.Range(0, count).Select(i =>
        {
            var (one, description) = described.Draw(first + i, numChannels);
            return encoding.Encode(new Sample(i, request.Of(one), description.ToString()));
        })], format));
    }

    private static Shape Draw(Random random)
    {
        var (place, at) = (random.NextDouble(), 0);
        while (at < Chances.Length - 1 && place >= Chances[at]) place -= Chances[at++];
        return Shapes[(2 * at) + (random.NextDouble() < ChanceOfStatistics ? 1 : 0)];
    }

    /// <summary>The group as it is, or each series up to a random step in its second half.</summary>
    private static TimeSeries[] Cut(TimeSeries[] group, Random random) => random.NextDouble() >= ChanceOfUnequalLengths ? group
        : Array.ConvertAll(group, one =>
        {
            var length = Math.Max(Math.Min(one.Length, SyntheticSeries.Shortest), (int)(one.Length * random.Uniform(0.5, 1)));
            return new TimeSeries([.. Enumerable.Range(0, one.NumChannels).Select(c => one.Channel(c)[..length].ToArray())]);
        });

    private double[] WeightsOf(Shape shape)
    {
        double[] ofImage = [.. teacher.Shares.Take(settings.NumComponents / shape.NumImages).Select(Math.Sqrt)];
        double[] components = [.. Enumerable.Repeat(ofImage, shape.NumImages).SelectMany(weights => weights)];
        if (!shape.HasStatistics) return components;
        var numStatistics = shape.NumChannels * StatisticsVector.Count;
        var each = components.Sum() * ShareOfStatistics / (1 - ShareOfStatistics) / numStatistics;
        return [.. components, .. Enumerable.Repeat(each, numStatistics)];
    }

    /// <summary>The statistics of a sample, each of about mean 0 and variance 1.</summary>
    private static float[] StatisticsTargets(IReadOnlyList<float> statistics) =>
    [
        .. statistics.Select((value, i) => (i % StatisticsVector.Count) switch
        {
            0 => (MathF.Log(value) - 4.9f) / 1.6f,           // lengths of 8 to 2,048
            5 => Math.Clamp((value + 0.5f) / 1.5f, -4, 4),   // logarithm of the deviation
            _ => Math.Clamp(value, -4, 4),
        }),
    ];

    private int HashCode(int step) => unchecked((settings.Seed * 486_187_739) ^ (step * 16_777_619) ^ 0x5bd1e995);

    /// <summary>What a batch's samples have in common.</summary>
    private sealed record Shape(int NumChannels, bool HasWindows, bool HasStatistics)
    {
        public int NumImages => HasWindows ? 4 : NumChannels;

        public Representation Representation => new()
        {
            Arm = HasStatistics ? Arm.Both : Arm.Image, Text = HasStatistics ? TextKind.Statistics : TextKind.None,
            Image = ImageKind.ZoomMosaic, Windows = HasWindows ? ImageWindows.WholeAndHalves : ImageWindows.Whole,
            Answers = AnswerFormat.Index,
        };

        /// <summary>What each image shows of a series, in the order of the images.</summary>
        public IEnumerable<TimeSeries> Images(TimeSeries one) => Enumerable.Range(0, NumImages).Select(i => HasWindows
            ? new TimeSeries([one.Channel(0).ToArray()[ZoomMosaic.Steps(i, one.Length)]]) : new TimeSeries([one.Channel(i).ToArray()]));
    }
}
