using System.Globalization;
using TsVlm.Contracts;
using TsVlm.Evaluation.Metrics;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Tests.Report;

/// <summary>Experiments to report, seeded: metrics follow from a drawn confusion matrix, so that they fit each other.</summary>
internal static class ReportSamples
{
    public static readonly byte[] OnePixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    public static ReportData Data(params ReportRun[] runs) => new()
    {
        Title = "Quick preset on the built-in data sets",
        Created = new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero),
        Command = "dotnet run -c Release --project TsVlm.Cli -- run --scenarios quick --seed 1",
        CodeVersion = "6c7020c",
        Machine = new MachineDescription(2, "Example CPU 3 GHz", "Linux 6.1"),
        Settings = [new("protocol", "official"), new("resamples", "0")],
        Runs = runs,
    };

    public static RunSpec Scenario(string dataset, string name, Arm arm = Arm.Both, TextKind text = TextKind.Baseline, int seed = 1,
        int resample = 0) => new()
    {
        Dataset = new DatasetReference(dataset, ContentHash.Of(dataset)),
        Split = new SplitReference("official", resample),
        Seed = seed,
        FineTuned = new FineTunedModel(
            new Scenario { Name = name, Representation = new Representation { Arm = arm, Text = text } },
            new ModelReference("tiny", "tiny", ContentHash.Of("tiny"))),
    };

    public static RunSpec Baseline(string dataset, string name, int resample = 0) => new()
    {
        Dataset = new DatasetReference(dataset, ContentHash.Of(dataset)),
        Split = new SplitReference("official", resample),
        Seed = 1,
        Baseline = name,
    };

    /// <summary>A finished run with about that accuracy on balanced classes.</summary>
    public static ReportRun Finished(
        RunSpec run, double accuracy, IReadOnlyList<string>? classNames = null, int casesOfAClass = 50, Func<int, byte[]>? image = null)
    {
        classNames ??= ["1", "2"];
        var random = new Random(run.Id.Sum(c => c) + (int)(1000 * accuracy));
        var confusion = Confusion(random, classNames.Count, casesOfAClass, accuracy);
        var numTest = classNames.Count * casesOfAClass;
        var right = Enumerable.Range(0, classNames.Count).Sum(c => confusion[c][c]);
        var isTrained = run.Baseline is null;
        var classes = Enumerable.Range(0, classNames.Count).Select(c => Class(confusion, c)).ToList();
        return new ReportRun
        {
            Run = run,
            Result = new RunResult
            {
                Run = run,
                NumTrain = 60,
                NumTest = numTest,
                NumClasses = classNames.Count,
                Accuracy = (double)right / numTest,
                BalancedAccuracy = (double)right / numTest,
                MacroF1 = classes.Average(c => double.IsNaN(c.F1) ? 0 : c.F1),
                Auroc = isTrained ? 0.5 + (0.5 * right / numTest) : double.NaN,
                Nll = isTrained ? 1.1 - accuracy : double.PositiveInfinity,
                Ece = 0.02 + (0.1 * random.NextDouble()),
                TrainSeconds = isTrained ? 21.4 : 0,
                EvalSeconds = 4.2,
                TrainSamplesPerSecond = isTrained ? 16.3 : 0,
                PeakRssMb = 1234.5,
            },
            Stages = isTrained
                ? [new(Stage.Datagen, 0.8, 270, 310), new(Stage.Training, 21.4, 16.3, 1234.5), new(Stage.Evaluation, 4.2, 47, 1100)]
                : [new(Stage.Evaluation, 4.2, 47, 210)],
            TrainingLog = isTrained ? Log(random, accuracy) : [],
            Metrics = new TestMetrics
            {
                ClassNames = classNames,
                Confusion = confusion,
                Classes = classes,
                Reliability = Reliability(random, numTest),
                MajorityShare = 1.0 / classNames.Count,
            },
            Outcomes = Outcomes(confusion),
            TokenBudget = isTrained ? new TokenBudget(3, 1987, 2048) : null,
            RightExamples = isTrained ? Examples(run, classNames, isRight: true, image) : [],
            WrongExamples = isTrained ? Examples(run, classNames, isRight: false, image) : [],
        };
    }

    /// <summary>The cases of each class in turn, those that are right first.</summary>
    private static TestOutcomes Outcomes(int[][] confusion)
    {
        var isRight = confusion.SelectMany((row, c) => Enumerable.Range(0, row.Sum()).Select(i => i < row[c])).ToList();
        return new([.. Enumerable.Range(60, isRight.Count)], isRight);
    }

    public static ReportRun Failed(RunSpec run, Stage stage, string reason) => new() { Run = run, Failure = new RunFailure(stage, reason) };

    private static List<TestExample> Examples(RunSpec run, IReadOnlyList<string> classNames, bool isRight, Func<int, byte[]>? image)
    {
        var hasImage = run.FineTuned!.Scenario.Representation.HasImage;
        return [.. Enumerable.Range(0, 3).Select(i =>
        {
            var truth = classNames[i % classNames.Count];
            var other = classNames[(i + 1) % classNames.Count];
            var prediction = isRight ? truth : other;
            return new TestExample(
                100 + (2 * i) + (isRight ? 0 : 1), truth, prediction,
                [new(prediction, 0.7 + (0.08 * i)), new(isRight ? other : truth, 0.3 - (0.08 * i))],
                $"{(hasImage ? "USER: <image>\n" : "USER: ")}Which class is this series of? Possible answers: {string.Join(", ", classNames)}.\n"
                + $"Values: {string.Join(", ", Enumerable.Range(0, 80).Select(t => Value(t + i)))} ASSISTANT:",
                hasImage ? image?.Invoke(i) ?? OnePixel : null);
        })];
    }

    private static string Value(int time) => Math.Sin(time / 6.0).ToString("0.00", CultureInfo.InvariantCulture);

    private static int[][] Confusion(Random random, int numClasses, int casesOfAClass, double accuracy)
    {
        var confusion = Enumerable.Range(0, numClasses).Select(_ => new int[numClasses]).ToArray();
        for (var truth = 0; truth < numClasses; truth++)
            for (var i = 0; i < casesOfAClass; i++)
            {
                var isRight = random.NextDouble() < accuracy;
                confusion[truth][isRight
                    ? truth : (truth + 1 + (int)(random.NextDouble() * random.NextDouble() * (numClasses - 1))) % numClasses]++;
            }
        return confusion;
    }

    private static ClassMetrics Class(int[][] confusion, int c)
    {
        var count = confusion.Length;
        var support = Enumerable.Range(0, count).Sum(p => confusion[c][p]);
        var predicted = Enumerable.Range(0, count).Sum(t => confusion[t][c]);
        var (precision, recall) = ((double)confusion[c][c] / predicted, (double)confusion[c][c] / support);
        return new(c, precision, recall, 2 * precision * recall / (precision + recall), support, double.NaN);
    }

    private static List<ReliabilityBin> Reliability(Random random, int numTest) =>
        [.. Enumerable.Range(0, 15).Select(b => b < 7
            ? new ReliabilityBin(b / 15.0, (b + 1) / 15.0, 0, double.NaN, double.NaN)
            : new ReliabilityBin(
                b / 15.0, (b + 1) / 15.0, 1 + (numTest * (b - 6) / 60), (b + 0.5) / 15,
                Math.Clamp(((b + 0.5) / 15) - 0.12 + (0.2 * random.NextDouble()), 0, 1)))];

    private static List<TrainingLogRow> Log(Random random, double accuracy) =>
        [.. Enumerable.Range(1, 160).Select(step => new TrainingLogRow(
            step, step / 32.0, 2e-4, (2.2 * Math.Exp(-step / 25.0)) + 1.05 - accuracy + (0.12 * random.NextDouble()),
            step % 32 == 0 ? (2 * Math.Exp(-step / 30.0)) + 1.15 - accuracy + Math.Max(0, (step - 96) * 0.0016) : null))];
}
