using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage;

/// <summary>Which tensor of a file goes to which parameter; made in full before anything is loaded.</summary>
internal static class TensorPlan
{
    private const int MostListed = 8;

    /// <summary>Pairs parameters and tensors by name.</summary>
    /// <exception cref="CheckpointException">A tensor is missing, unexpected or has another shape; the message lists them.</exception>
    public static List<(string Name, Parameter Parameter)> Match(
        string source, IReadOnlyDictionary<string, Parameter> parameters, IReadOnlyDictionary<string, (string Name, TensorLocation Location)> tensors)
    {
        var missing = parameters.Keys.Except(tensors.Keys).ToList();
        var unexpected = tensors.Keys.Except(parameters.Keys).Select(key => tensors[key].Name).ToList();
        var misshapen = parameters.Keys.Intersect(tensors.Keys)
            .Select(key => (tensors[key].Name, Expected: parameters[key].shape, Found: tensors[key].Location.Shape))
            .Where(tensor => !tensor.Expected.SequenceEqual(tensor.Found))
            .Select(tensor => $"{tensor.Name} (expected [{string.Join(", ", tensor.Expected)}], found [{string.Join(", ", tensor.Found)}])").ToList();
        if (missing.Count + unexpected.Count + misshapen.Count > 0)
            throw new CheckpointException($"{source}: expected the model's {parameters.Count} tensors, found {tensors.Count}, nothing was loaded."
                + Listed("Missing", missing) + Listed("Unexpected", unexpected) + Listed("Of another shape", misshapen));
        return [.. parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (tensors[pair.Key].Name, pair.Value))];
    }

    /// <summary>Copies every tensor into its parameter, converted to the parameter's type and device.</summary>
    public static void Load(List<(string Name, Parameter Parameter)> plan, Func<string, Tensor> read)
    {
        using var frozen = no_grad();
        foreach (var (name, parameter) in plan)
        {
            using var scope = NewDisposeScope();
            parameter.copy_(read(name));
        }
    }

    private static string Listed(string title, List<string> names)
    {
        if (names.Count == 0) return "";
        var more = names.Count > MostListed ? $" and {names.Count - MostListed} more" : "";
        return $" {title}: {string.Join(", ", names.Order(StringComparer.Ordinal).Take(MostListed))}{more}.";
    }
}
