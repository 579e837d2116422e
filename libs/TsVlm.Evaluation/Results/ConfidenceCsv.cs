namespace TsVlm.Evaluation.Results;

/// <summary>
/// What the report shows of confidence, as tables over all finished runs: calibration.csv, reliability.csv and abstention.csv.
/// </summary>
public static class ConfidenceCsv
{
    /// <summary>The files' names, each with what writes it.</summary>
    public static IReadOnlyList<(string Name, Action<TextWriter, IReadOnlyList<ReportRun>> Write)> Files { get; } =
    [
        ("calibration.csv", Calibration), ("reliability.csv", Reliability), ("abstention.csv", Abstention),
    ];

    /// <summary>
    /// A row a run: the temperature, what it did, and the area under the risk-coverage curve. Baselines have no temperature.
    /// </summary>
    private static void Calibration(TextWriter output, IReadOnlyList<ReportRun> runs) =>
        Write(output, runs, "temperature,num_validation,nll_before,ece_before,nll,ece,aurc", run =>
        [
            [
                run.Metrics!.Temperature?.Temperature ?? double.NaN, (object?)run.Metrics.Temperature?.NumValidation ?? "",
                Rounded(run.Metrics.Temperature?.NllBefore), Rounded(run.Metrics.Temperature?.EceBefore),
                Rounded(run.Result!.Nll), Rounded(run.Result.Ece), Rounded(run.Metrics.Aurc),
            ],
        ]);

    /// <summary>A row a run and bin of confidence; accuracy and mean confidence are empty where no case lies in it.</summary>
    private static void Reliability(TextWriter output, IReadOnlyList<ReportRun> runs) =>
        Write(output, runs, "confidence_from,confidence_to,num_cases,mean_confidence,accuracy",
            run => run.Metrics!.Reliability.Select(bin =>
            (object[])[Rounded(bin.From), Rounded(bin.To), bin.Count, Rounded(bin.MeanConfidence), Rounded(bin.Accuracy)]));

    /// <summary>A row a run and point of its curve, by rising coverage: what is reached by answering only above a confidence.</summary>
    private static void Abstention(TextWriter output, IReadOnlyList<ReportRun> runs) =>
        Write(output, runs, "least_confidence,coverage,accuracy", run => run.Metrics!.Abstention.Select(point =>
            (object[])[Rounded(point.Confidence), Rounded(point.Coverage), Rounded(point.Accuracy)]));

    private static void Write(TextWriter output, IReadOnlyList<ReportRun> runs, string columns, Func<ReportRun, IEnumerable<object[]>> rows)
    {
        output.Write($"{ResultsCsv.RunColumns},{columns}\n");
        foreach (var run in runs.Where(run => run.Result is not null))
        {
            foreach (var row in rows(run)) output.Write(CsvText.Line([.. ResultsCsv.RunFields(run.Run), .. row]) + "\n");
        }
    }

    private static double Rounded(double? metric) => Math.Round(metric ?? double.NaN, 6);
}
