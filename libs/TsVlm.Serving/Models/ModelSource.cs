namespace TsVlm.Serving.Models;

/// <summary>A model that can be served.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Version">Its version, from 1; requests that name none get the highest that is loaded.</param>
/// <param name="Folder">A run's folder, or a checkpoint's own.</param>
public sealed record ModelSource(string Name, string Version, string Folder)
{
    /// <summary>Longest name.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Whether requests can name a model so: letters, digits, dots, hyphens and underscores.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && name.Trim('.').Length > 0;

    /// <summary>Sources in order; models of one name are its versions 1, 2 and so on.</summary>
    public static IReadOnlyList<ModelSource> Of(IEnumerable<(string Name, string Folder)> models)
    {
        var numVersions = new Dictionary<string, int>();
        return [.. models.Select(model =>
        {
            var version = numVersions[model.Name] = numVersions.GetValueOrDefault(model.Name) + 1;
            return new ModelSource(model.Name, $"{version}", model.Folder);
        })];
    }
}
