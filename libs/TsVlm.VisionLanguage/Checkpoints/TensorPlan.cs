using TorchSharp.Modules;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Files;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Checkpoints;

/// <summary>Which tensor of a file goes to which parameter; made in full before anything is loaded.</summary>
/// <param name="source">The files, for errors.</param>
internal sealed class TensorPlan(string source)
{
    private const int MaxListed = 8;

    private readonly List<(StoredTensor Stored, Parameter Parameter)> pairs = [];

    /// <summary>Parameters that may have that many rows more than their tensor; the new rows are the mean of the others.</summary>
    public Func<string, int> NumNewRows { get; init; } = _ => 0;

    /// <summary>Pairs parameters and tensors by name.</summary>
    /// <exception cref="CheckpointException">A tensor is missing, unexpected or has another shape; the message lists them.</exception>
    public TensorPlan Match(IReadOnlyDictionary<string, Parameter> parameters, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        var missing = parameters.Keys.Except(tensors.Keys).ToList();
        var unexpected = tensors.Keys.Except(parameters.Keys).Select(key => tensors[key].Name).ToList();
        var misshapen = parameters.Keys.Intersect(tensors.Keys).Where(key => !Fits(key, parameters[key].shape, tensors[key].Shape))
            .Select(key => $"{tensors[key].Name} (expected [{string.Join(", ", parameters[key].shape)}], found [{string.Join(", ", tensors[key].Shape)}])").ToList();
        if (missing.Count + unexpected.Count + misshapen.Count > 0)
            throw new CheckpointException(
                $"{source}: expected the model's {parameters.Count} tensors, found {tensors.Count}, nothing was loaded."
                + Listed("Missing", missing) + Listed("Unexpected", unexpected) + Listed("Of another shape", misshapen));
        pairs.AddRange(parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (tensors[pair.Key], pair.Value)));
        return this;
    }

    /// <summary>Reads every tensor into its parameter, converted to the parameter's type and device, one after the other.</summary>
    /// <exception cref="CheckpointException">
    /// A file cannot be read to its end; the model, which then holds a part of the weights, is disposed.
    /// </exception>
    public void LoadInto(Llava model)
    {
        try
        {
            foreach (var (stored, parameter) in pairs) Read(stored, parameter);
        }
        catch (Exception error) when (error is CheckpointException or IOException or UnauthorizedAccessException)
        {
            model.Dispose();
            throw new CheckpointException(
                $"{source}: reading stopped midway: {error.Message} The model held a part of the weights and was disposed; "
                + "look at the disk and load it anew.", error);
        }
    }

    private bool Fits(string name, long[] expected, IReadOnlyList<long> found) =>
        expected.SequenceEqual(found)
        || (NumNewRows(name) is > 0 and var more && found.Count == expected.Length && expected[0] == found[0] + more
            && expected[1..].SequenceEqual(found.Skip(1)));

    private static void Read(StoredTensor stored, Parameter parameter)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        if (stored.Shape.SequenceEqual(parameter.shape))
        {
            stored.File.ReadInto(stored.Name, parameter);
            return;
        }
        var (numStored, numRows) = (stored.Shape[0], parameter.shape[0]);
        var rows = parameter.narrow(0, 0, numStored);
        stored.File.ReadInto(stored.Name, rows);
        parameter.narrow(0, numStored, numRows - numStored).copy_(rows.mean([0], keepdim: true, type: ScalarType.Float32));
    }

    private static string Listed(string title, List<string> names)
    {
        if (names.Count == 0) return "";
        var more = names.Count > MaxListed ? $" and {names.Count - MaxListed} more" : "";
        return $" {title}: {string.Join(", ", names.Order(StringComparer.Ordinal).Take(MaxListed))}{more}.";
    }
}
