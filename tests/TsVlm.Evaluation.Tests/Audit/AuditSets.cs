using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Evaluation.Audit;
using TsVlm.Models;
using TsVlm.Representations;

namespace TsVlm.Evaluation.Tests.Audit;

/// <summary>Generated data sets in which a fault can be planted.</summary>
internal static class AuditSets
{
    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Scenario Both { get; } = new()
    {
        Name = "both", Representation =
            new() { ContextLength = 192, Downsampling = DownsamplingMethod.BlockMean, Numbers = new() { Digits = 1 },
                Answers = AnswerFormat.Index },
    };

    public static Scenario Text { get; } = Both with { Name = "text", Representation = Both.Representation with { Arm = Arm.Text } };

    /// <summary>Cylinder, bell and funnel: 90 training and 60 test cases unless told otherwise.</summary>
    public static Dataset Clean(int numTrain = 90, int numTest = 60, int seed = 5) =>
        BuiltInDatasets.Generator("CBF").Generate(numTrain, numTest, seed);

    /// <summary>The data set with every case replaced; case numbers and files stay.</summary>
    public static Dataset With(this Dataset dataset, Func<int, LabelledSeries, LabelledSeries> change,
        IReadOnlyList<string>? classes = null)
    {
        List<LabelledSeries> cases = [.. dataset.Cases.Select((c, i) => change(i, c))];
        return new(dataset.Name, classes
            ?? dataset.Classes, [.. cases.Take(dataset.NumOfficialTrain)], [.. cases.Skip(dataset.NumOfficialTrain)], []);
    }

    /// <summary>The data set with the series of one case replaced.</summary>
    public static Dataset WithSeries(this Dataset dataset, int index, TimeSeries series) =>
        dataset.With((i, c) => i == index ? c with { Series = series } : c);

    /// <summary>A series with every value changed, given its time step.</summary>
    public static TimeSeries Change(this TimeSeries series, Func<double, int, double> change) =>
        new(Enumerable.Range(0, series.NumChannels).Select(c => series.Channel(c).ToArray().Select(change).ToArray()));

    public static DatasetAudit AuditOf(Dataset dataset, string protocol = "official", int[]? resamples = null,
        params Scenario[] scenarios) =>
        new DatasetAuditor(scenarios.Length > 0
            ? scenarios : [Both], Model, [.. (resamples ?? [0]).Select(r => new SplitReference(protocol, r))], new() { MaxSamples = 30 })
            .Run(dataset, Stop);

    public static ModelInputs Model { get; } = ModelFolder.Open("tiny").Inputs;

    /// <summary>The most severe finding of a check.</summary>
    public static AuditFinding Gravest(this DatasetAudit audit, AuditCheck check) =>
        audit.Findings.Where(f => f.Check == check).MaxBy(f => f.Severity)!;
}
