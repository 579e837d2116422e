using Microsoft.AspNetCore.Components.Forms;
using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Data.Readers;

namespace TsVlm.Web.Datasets;

/// <summary>
/// Files of a data set that a user sends, in a folder of their own for the time of reading them. They take the names that the data set is
/// to have, so that errors name them so.
/// </summary>
/// <param name="name">What the data set is to be called.</param>
/// <param name="maxBytes">Bytes of a file at most.</param>
internal sealed class UploadFolder(string name, long maxBytes) : IDisposable
{
    private const string Converted = "converted.bin";
    private const int MaxNameCharacters = 200;
    private static readonly string[] Suffixes = ["_TRAIN", "_TEST"];
    private static readonly SemaphoreSlim Turn = new(1);   // of several users at once, each waits for the memory of one
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tsvlm-web-");

    /// <summary>What a data set is called that comes in a file of this name.</summary>
    public static string NameOf(string file)
    {
        var stem = Path.GetFileNameWithoutExtension(file);
        return Suffixes.FirstOrDefault(suffix => stem.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) is { } end ? stem[..^end.Length] : stem;
    }

    /// <summary>Takes the files.</summary>
    /// <exception cref="DataException">The name, a type or a size is not as it must be.</exception>
    public async Task Save(IBrowserFile train, IBrowserFile? test, CancellationToken cancellationToken)
    {
        if (name.Length is 0 or > MaxNameCharacters)
            throw new DataException($"Name: expected 1 to {MaxNameCharacters} characters, found {name.Length}.");
        DatasetReader.CheckName(name);
        var extension = ExtensionOf(train);
        if (test is not null && ExtensionOf(test) != extension)
            throw new DataException($"{test.Name}: expected a file of type {extension} as the training file, found {ExtensionOf(test)}. Send both in one type.");
        var isWhole = test is null && extension == ".csv" && !Path.GetFileNameWithoutExtension(train.Name).EndsWith(Suffixes[0], StringComparison.OrdinalIgnoreCase);
        await Save(train, $"{name}{(isWhole ? "" : Suffixes[0])}{extension}", cancellationToken);
        if (test is not null) await Save(test, $"{name}{Suffixes[1]}{extension}", cancellationToken);
    }

    /// <summary>Reads the files, and writes the data set in the form in which a server takes it.</summary>
    /// <exception cref="DataException">A file cannot be used; the message names file and line.</exception>
    public async Task Convert(CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(Convert, cancellationToken);
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>The data set as a server takes it.</summary>
    public Stream OpenConverted() => File.OpenRead(Path.Combine(folder.FullName, Converted));

    public void Dispose() => folder.Delete(recursive: true);

    private void Convert()
    {
        var dataset = DatasetReader.Read(folder.FullName, name);
        if (dataset.Cases.Count == 0) throw new DataException($"{name}: expected at least one case, found none.");
        using var file = File.Create(Path.Combine(folder.FullName, Converted));
        DatasetFile.Write(dataset, file);
    }

    private static string ExtensionOf(IBrowserFile file)
    {
        var extension = Path.GetExtension(file.Name).ToLowerInvariant();
        return DatasetReader.Extensions.Contains(extension)
            ? extension
            : throw new DataException($"{file.Name}: expected a file of type {string.Join(", ", DatasetReader.Extensions)}, found '{extension}'. "
                + "Convert the file to one of these.");
    }

    private async Task Save(IBrowserFile sent, string fileName, CancellationToken cancellationToken)
    {
        if (sent.Size > maxBytes)
            throw new DataException($"{sent.Name}: expected at most {maxBytes / 1_000_000} MB, found {(sent.Size + 999_999) / 1_000_000} MB. "
                + "Put it into the folder of data sets instead.");
        await using var content = sent.OpenReadStream(maxBytes, cancellationToken);
        await using var file = File.Create(Path.Combine(folder.FullName, fileName));
        await content.CopyToAsync(file, cancellationToken);
    }
}
