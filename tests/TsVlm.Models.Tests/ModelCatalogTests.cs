using TsVlm.Representations;
using TsVlm.Tests;

namespace TsVlm.Models.Tests;

/// <summary>Models of a service: by name below the folder of <c>Models__Directory</c>.</summary>
public sealed class ModelCatalogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ModelCatalogTests()
    {
        foreach (var name in (string[])["models/mine", "outside"])
        {
            var path = Directory.CreateDirectory(folder.File(name)).FullName;
            ModelFolder.Open("tiny").CopySettings(path);
        }
    }

    [Fact]
    public void A_model_is_found_by_its_name_and_opened_again_by_what_the_run_says()
    {
        var catalog = ModelCatalog.Below(folder.File("models"));
        var (model, reference) = catalog.Find("mine");
        Assert.Equal((folder.File("models/mine"), "mine", "mine"), (model.Path, reference.Name, reference.Location));
        Assert.Equal(model.Path, ModelCatalog.Below(folder.File("models")).Open(reference).Path);
        Assert.Equal("tiny", catalog.Find("tiny").Reference.Location);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("..")]
    [InlineData("mine/../../outside")]
    [InlineData("")]
    [InlineData("other")]
    public void A_name_that_leads_elsewhere_or_nowhere_is_refused(string name)
    {
        var error = Assert.Throws<DirectoryNotFoundException>(() => ModelCatalog.Below(folder.File("models")).Find(name));
        Assert.Contains("expected 'tiny' or the name of a folder below Models__Directory, found no such folder", error.Message);
    }

    [Fact]
    public void A_full_path_is_refused_too() =>
        Assert.Throws<DirectoryNotFoundException>(() => ModelCatalog.Below(folder.File("models")).Find(folder.File("outside")));

    [Fact]
    public void Without_a_folder_only_the_embedded_model_is_there()
    {
        var error = Assert.Throws<DirectoryNotFoundException>(() => ModelCatalog.Below(null).Find("mine"));
        Assert.Contains("Set Models__Directory", error.Message);
        Assert.Equal("tiny", ModelCatalog.Below(null).Find("tiny").Reference.Name);
    }

    [Fact]
    public void A_model_that_is_another_one_now_is_refused()
    {
        var reference = ModelCatalog.Below(folder.File("models")).Find("mine").Reference;
        File.AppendAllText(folder.File("models/mine/config.json"), " ");
        var error = Assert.Throws<RepresentationException>(() => ModelCatalog.Below(folder.File("models")).Open(reference));
        Assert.Contains($"expected the model mine with content {reference.ContentHash[..12]}", error.Message);
    }

    public void Dispose() => folder.Dispose();
}
