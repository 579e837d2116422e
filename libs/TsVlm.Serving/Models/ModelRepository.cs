using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TsVlm.Serving.Batching;
using TsVlm.Serving.Classification;
using TsVlm.Serving.Requests;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Serving.Models;

/// <summary>The models of a serving process, in the order in which they were named.</summary>
public sealed partial class ModelRepository : IAsyncDisposable
{
    private readonly ComputeSlots slots;
    private readonly ILogger<ModelRepository> log;

    /// <summary>Knows the models; none is loaded yet.</summary>
    public ModelRepository(IReadOnlyList<ModelSource> sources, ComputeDevice device, ServingSettings settings, TimeProvider clock,
        ILogger<ModelRepository> log)
    {
        slots = new(settings.AtOnce);
        Models = [.. sources.Select(source => new ServedModel(source, (folder, cancellationToken) =>
            SeriesClassifier.Open(folder, device, cancellationToken), slots, settings, clock))];
        this.log = log;
    }

    /// <summary>Whether the process is stopping: it answers what it has begun, and is not ready for more.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Whether every model that is wanted is loaded.</summary>
    public bool IsReady => !IsStopping && Models.All(model => !model.IsWanted || model.State is ModelState.Ready);

    /// <summary>All of them.</summary>
    internal IReadOnlyList<ServedModel> Models { get; }

    /// <summary>Loads all models and warms them up, one after another.</summary>
    public async Task LoadAll(CancellationToken cancellationToken)
    {
        foreach (var model in Models) await Load(model, cancellationToken);
    }

    /// <summary>Loads a version of a model.</summary>
    internal async Task Load(ServedModel model, CancellationToken cancellationToken)
    {
        await model.Load(cancellationToken);
        LogLoaded(model.Source.Name, model.Source.Version, model.Source.Folder);
    }

    /// <summary>The version of that name, or where none is named the highest that is loaded, else the highest.</summary>
    /// <exception cref="RequestException">There is none (404).</exception>
    internal ServedModel Find(string name, string? version)
    {
        var versions = Versions(name);
        if (version is null) return versions.LastOrDefault(model => model.State is ModelState.Ready) ?? versions[^1];
        return versions.FirstOrDefault(model => model.Source.Version == version) ?? throw new RequestException(
            $"Model {name}: expected a version among {string.Join(", ", versions.Select(model => model.Source.Version))}, "
            + $"found '{Shortened(version)}'.", StatusCodes.Status404NotFound);
    }

    /// <summary>All versions of a model, rising.</summary>
    /// <exception cref="RequestException">There is no such model (404).</exception>
    internal IReadOnlyList<ServedModel> Versions(string name)
    {
        var versions = Models.Where(model => model.Source.Name == name).ToList();
        return versions.Count > 0 ? versions : throw new RequestException(
            $"Expected a model among {string.Join(", ", Models.Select(model => model.Source.Name).Distinct())}, found '{Shortened(name)}'.",
            StatusCodes.Status404NotFound);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var model in Models) await model.DisposeAsync();
        slots.Dispose();
    }

    private static string Shortened(string text) => text.Length <= 100 ? text : text[..100] + "...";

    [LoggerMessage(LogLevel.Information, "Model {Name}, version {Version} is loaded from {Folder}.")]
    private partial void LogLoaded(string name, string version, string folder);
}
