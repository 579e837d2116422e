using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.ServiceDefaults;

namespace TsVlm.Scenarios;

/// <summary>An experiment under way.</summary>
/// <param name="Id">Hash of its runs: asking for the same again is the same experiment.</param>
/// <param name="Runs">Its runs, baselines first for each data set.</param>
public sealed record Experiment(string Id, IReadOnlyList<RunSpec> Runs);

/// <summary>Turns a request into runs and hands them to the run state. Nothing starts unless everything asked for can be read.</summary>
public sealed class Launcher(RunStore runs, DatasetImport import, IArtifactStore artifacts, ModelCatalog models, Reconciler reconciler)
{
    /// <summary>Plans the experiment, records it and wakes the reconciler.</summary>
    /// <exception cref="DataException">One or more data sets cannot be used; the message names each.</exception>
    /// <exception cref="GridException">The grid cannot be expanded.</exception>
    public async Task<Experiment> Launch(ExperimentRequest request, CancellationToken cancellationToken, string commandLine = "")
    {
        var scenarios = GridExpansion.Of(request.Grid).Scenarios;
        var reference = models.Find(request.Model).Reference;
        var datasets = await Import(request, cancellationToken);

        var planned = datasets
            .SelectMany(dataset => request.Resamples.Select(resample => (dataset, split: new SplitReference(request.Protocol, resample))))
            .SelectMany(at => Baselines(request, at.dataset, at.split).Concat(
                request.Seeds.SelectMany(seed => scenarios.Select(scenario => new RunSpec
                {
                    Dataset = at.dataset,
                    Split = at.split,
                    Seed = seed,
                    FineTuned = new(scenario, reference),
                }))))
            .ToList();
        var experiment = new Experiment(ContentHash.Of(planned.Select(run => run.Id))[..16], planned);

        await runs.Submit(experiment.Id, planned, new(request.Grid.Name, commandLine, request.Facts()), cancellationToken);
        await SendAgainWhatIsGone(experiment.Id, cancellationToken);
        reconciler.Wake();
        return experiment;
    }

    /// <summary>Every seed of the baselines that draw at random; of the others one seed is enough.</summary>
    private static IEnumerable<RunSpec> Baselines(ExperimentRequest request, DatasetReference dataset, SplitReference split) =>
        from name in request.Grid.Baselines
        from seed in BaselineNames.IsSeeded(name) ? request.Seeds : request.Seeds.Take(1)
        select new RunSpec { Dataset = dataset, Split = split, Seed = seed, Baseline = name };

    private async Task<IReadOnlyList<DatasetReference>> Import(ExperimentRequest request, CancellationToken cancellationToken)
    {
        var catalog = new DatasetCatalog(request.DataDirectory);
        var (references, problems) = (new List<DatasetReference>(), new List<string>());
        foreach (var name in catalog.Select(request.Datasets))
        {
            try
            {
                var dataset = catalog.Open(name);
                foreach (var resample in request.Resamples) Splitter.Split(dataset, request.Protocol, resample);
                references.Add(await import.Run(dataset, cancellationToken));
            }
            catch (DataException error)
            {
                problems.Add(error.Message);
            }
        }
        if (problems.Count > 0) throw new DataException(string.Join(Environment.NewLine, problems));
        return references.Count > 0 ? references : throw new DataException($"{request.DataDirectory}: expected data sets, found none.");
    }

    /// <summary>A stage counts as done only while its artifact is there.</summary>
    private async Task SendAgainWhatIsGone(string experimentId, CancellationToken cancellationToken)
    {
        foreach (var run in await runs.Runs(experimentId, cancellationToken))
        {
            foreach (var stage in run.Stages.Where(s => s.Status is StageStatus.Done))
            {
                if (await artifacts.Find(RunStatus.ArtifactOf(run.Run, stage.Stage), cancellationToken) is null)
                    await runs.MarkWaiting(run.Run.Id, stage.Stage, cancellationToken);
            }
        }
    }
}
