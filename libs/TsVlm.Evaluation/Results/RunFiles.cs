using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Data.Splits;

namespace TsVlm.Evaluation.Results;

/// <summary>The artifacts of a finished run, as local folders.</summary>
/// <param name="Run">The run.</param>
/// <param name="Evaluation">Folder of its evaluation.</param>
/// <param name="Checkpoint">Folder of its checkpoint; null for a baseline.</param>
/// <param name="Samples">Folder of its samples; null for a baseline.</param>
public sealed record RunFiles(RunSpec Run, string Evaluation, string? Checkpoint, string? Samples)
{
    /// <summary>Fetches the artifacts of a run that ended.</summary>
    public static async Task<RunFiles> Fetch(IArtifactStore artifacts, RunSpec run, CancellationToken cancellationToken)
    {
        var evaluation = await artifacts.Fetch(ArtifactKeys.Evaluation(run), cancellationToken);
        if (run.Baseline is not null) return new(run, evaluation, null, null);
        return new(run, evaluation,
            await artifacts.Fetch(ArtifactKeys.Checkpoint(run), cancellationToken),
            await artifacts.Fetch(ArtifactKeys.Samples(run), cancellationToken));
    }

    /// <summary>Copies what users look for into the run's own folder.</summary>
    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(Evaluation, ArtifactFiles.Predictions), Path.Combine(folder, ArtifactFiles.Predictions), overwrite: true);
        if (File.Exists(Path.Combine(Evaluation, ArtifactFiles.Labels)))
            File.Copy(Path.Combine(Evaluation, ArtifactFiles.Labels), Path.Combine(folder, ArtifactFiles.Labels), overwrite: true);
        if (Checkpoint is not null)
            File.Copy(Path.Combine(Checkpoint, ArtifactFiles.TrainingLog), Path.Combine(folder, ArtifactFiles.TrainingLog),
                overwrite: true);
        if (File.Exists(Path.Combine(Evaluation, ArtifactFiles.Rationales)))
            File.Copy(Path.Combine(Evaluation, ArtifactFiles.Rationales), Path.Combine(folder, ArtifactFiles.Rationales), overwrite: true);
        Json.Write(Path.Combine(folder, RunCard.FileName), RunCard.Of(Run));
    }

    /// <summary>The run as the report shows it. Its metrics are under this run's id, even if another run made the artifact.</summary>
    public ReportRun ToReport()
    {
        var report = new ReportRun
        {
            Run = Run,
            Result = Json.Read<RunResult>(Path.Combine(Evaluation, ArtifactFiles.Result)) with { Run = Run },
            Metrics = Json.Read<TestMetrics>(Path.Combine(Evaluation, ArtifactFiles.Metrics)),
            Outcomes = TestOutcomes.Read(Evaluation),
        };
        if (Checkpoint is null || Samples is null)
            return report with
            {
                Stages = [Cost(Stage.Evaluation, Evaluation)],
                DatasetWarnings = report.Metrics.Warnings ?? [],
                SplitWarnings = Sentences(SplitShares.Note(Run.Split.Protocol, report.Result.NumTrain, report.Result.NumTest)),
            };
        var samples = Json.Read<SamplesReport>(Path.Combine(Samples, ArtifactFiles.SamplesReport));
        var examples = Json.Read<TestExamples>(Path.Combine(Evaluation, ArtifactFiles.Examples));
        return report with
        {
            Stages = [Cost(Stage.Datagen, Samples), Cost(Stage.Training, Checkpoint), Cost(Stage.Evaluation, Evaluation)],
            TrainingLog = TrainingLogCsv.Read(Path.Combine(Checkpoint, ArtifactFiles.TrainingLog)),
            TokenBudget = new(samples.DownsamplingFactor, samples.LongestSequence, samples.ContextLength),
            DatasetWarnings = samples.Warnings,
            SplitWarnings = Sentences(SplitShares.Note(Run.Split.Protocol, samples.NumTrain, samples.NumValidation, samples.NumTest)),
            RightExamples = examples.Right,
            WrongExamples = examples.Wrong,
        };
    }

    private static string[] Sentences(string? note) => note is null ? [] : [note];

    private static StageCost Cost(Stage stage, string folder)
    {
        var facts = StageFacts.Read(folder);
        return new(stage, facts.Seconds, facts.SamplesPerSecond, facts.PeakRssMb);
    }
}
