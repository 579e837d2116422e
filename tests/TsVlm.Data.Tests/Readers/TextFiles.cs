using TsVlm.Data.Readers;

namespace TsVlm.Data.Tests.Readers;

/// <summary>A folder of small text files, read as data sets.</summary>
internal sealed class TextFiles : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public string Folder => folder.Path;

    public TextFiles With(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), content);
        return this;
    }

    public Dataset Read(string name) => DatasetReader.Read(Folder, name);

    public IReadOnlyList<TimeSeries> ReadSeries(string file) =>
        [.. DatasetReader.ReadUnlabelled(folder.File(file)).Select(one => one.Series)];

    public void Dispose() => folder.Dispose();
}
