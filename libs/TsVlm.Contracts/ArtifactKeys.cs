namespace TsVlm.Contracts;

/// <summary>
/// The keys of a run's artifacts. Each hashes all that determines the artifact, so runs that share a stage share its artifact.
/// A version is raised whenever the stage's code changes what it makes.
/// </summary>
public static class ArtifactKeys
{
    private const int SamplesVersion = 3;
    private const int CheckpointVersion = 6;
    private const int EvaluationVersion = 4;
    private const int ReportVersion = 2;

    /// <summary>Key of a data set: its content hash itself.</summary>
    public static ArtifactKey Dataset(DatasetReference dataset) => new(ArtifactKind.Dataset, dataset.ContentHash);

    /// <summary>Key of a file of rationales: its content hash itself. None where the run takes none from a file.</summary>
    public static ArtifactKey? Rationales(RunSpec run) =>
        run.FineTuned?.Scenario.Representation.Rationale is { IsOfFile: true } rationale
        ? new(ArtifactKind.Rationales, rationale.Source) : null;

    /// <summary>
    /// Key of the samples of a run: data, split, representation and the model's input format. Recipe and seed do not matter.
    /// </summary>
    public static ArtifactKey Samples(RunSpec run)
    {
        var model = FineTuned(run);
        return new(ArtifactKind.Samples, ContentHash.Of(new
        {
            Version = SamplesVersion,
            Dataset = run.Dataset.ContentHash,
            run.Split,
            model.Scenario.Canonical().Representation,
            Model = model.Model.ContentHash,
        }));
    }

    /// <summary>Key of the trained model of a run: its samples, recipe, model and seed.</summary>
    public static ArtifactKey Checkpoint(RunSpec run)
    {
        var model = FineTuned(run);
        return new(ArtifactKind.Checkpoint, ContentHash.Of(new
        {
            Version = CheckpointVersion,
            Samples = Samples(run).Hash,
            model.Scenario.Canonical().Recipe,
            Model = model.Model.ContentHash,
            run.Seed,
        }));
    }

    /// <summary>
    /// Key of the evaluation of a run: its checkpoint, or its baseline on the data and split, with the seed where the baseline draws at
    /// random.
    /// </summary>
    public static ArtifactKey Evaluation(RunSpec run) => new(ArtifactKind.Evaluation, run.Baseline switch
    {
        null => ContentHash.Of(new { Version = EvaluationVersion, Checkpoint = Checkpoint(run).Hash }),
        { } seeded when BaselineNames.IsSeeded(seeded) =>
            ContentHash.Of(new { Version = EvaluationVersion, Dataset = run.Dataset.ContentHash, run.Split, Baseline = seeded, run.Seed }),
        { } baseline => ContentHash.Of(new { Version = EvaluationVersion, Dataset = run.Dataset.ContentHash, run.Split,
        Baseline = baseline }),
    });

    /// <summary>
    /// Key of the report of an experiment: what is to be written of it, failures included. Where a model lies does not matter.
    /// </summary>
    public static ArtifactKey Report(ExperimentSummary summary) => new(ArtifactKind.Report, ContentHash.Of(new
    {
        Version = ReportVersion,
        Summary = summary with { Runs = [.. summary.Runs.Select(outcome => outcome with { Run = outcome.Run.Placeless() })] },
    }));

    private static FineTunedModel FineTuned(RunSpec run) =>
        run.FineTuned ?? throw new ArgumentException($"{run.Id} is a baseline: it has no samples and no checkpoint.", nameof(run));
}
