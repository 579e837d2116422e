using TsVlm.Data.Canonical;
using TsVlm.Data.Readers;

namespace TsVlm.Data.Tests.Readers;

public sealed class LabelTextsTests
{
    private const string Coded = "label,x\n1,1\n2,2\n10,3\n";

    [Theory]
    [InlineData("X.csv", "X_LABELS.csv")]
    [InlineData("X/X_TRAIN.csv", "X/X_LABELS.csv")]
    public void Labels_that_are_codes_have_the_texts_of_the_file_beside_them(string data, string texts)
    {
        using var files = new TextFiles().With(data, Coded)
            .With(texts, "label,text\n2,standing\n1, walking upstairs \n10,\"sitting, at rest\"\n");

        var dataset = files.Read("X");

        Assert.Equal(["1", "2", "10"], dataset.Classes);
        Assert.Equal(["walking upstairs", "standing", "sitting, at rest"], dataset.ClassTexts);
        Assert.Equal(["X"], DatasetReader.List(files.Folder));
        Assert.Equal(dataset.ClassTexts, dataset.WithCases(dataset.Cases).ClassTexts);
    }

    [Fact]
    public void A_set_of_labels_is_named_by_the_texts_of_its_labels()
    {
        using var files = new TextFiles().With("X.csv", "labels,x\nu|w,1\n,2\nw,3\n")
            .With("X_LABELS.csv", "label,text\nw,walking\nu,arms up\n");

        Assert.Equal(["none", "arms up and walking", "walking"], files.Read("X").ClassTexts);
    }

    [Theory]
    [InlineData("label,text\n1,a\n3,b\n",
        "(3): expected a label of the data set, '1', '2', '10', found '3'. Correct the label or remove the line.")]
    [InlineData("label,text\n1,a\n1,b\n", "(3): expected one line for each label, found a second for '1'. Remove one of them.")]
    [InlineData("label,text\n1,a\n2, \n", "(3): expected a value in column text, found nothing. Correct the field or take out the row.")]
    [InlineData("label,text\n1,a\n2,\"  \"\n", "(3): expected a text for label '2', found ''. Say in words what the label means.")]
    [InlineData("label,text\n1,a\n", ": expected a text for every label of the data set, found none for '2', '10'. Add a line for each.")]
    [InlineData("label,words\n1,a\n",
        "(1): expected the columns label, text, found no text among label, words. Check that this is the right file.")]
    public void A_wrong_file_is_an_error_with_file_and_line(string content, string message)
    {
        using var files = new TextFiles().With("X.csv", Coded).With("X_LABELS.csv", content);

        Assert.Equal(Path.Combine(files.Folder, "X_LABELS.csv") + message, Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Fact]
    public void Two_labels_or_sets_of_one_text_are_an_error()
    {
        using var files = new TextFiles().With("X.csv", Coded).With("X_LABELS.csv", "label,text\n1,a\n2,b\n10,a\n")
            .With("Y.csv", "labels,x\na|b,1\nc,2\n").With("Y_LABELS.csv", "label,text\na,up\nb,down\nc,up and down\n");
        var first = Path.Combine(files.Folder, "X_LABELS.csv");

        Assert.Equal($"{first}(4): expected a different text for each label, found 'a' as in {first}(2) before. Make them different.",
            Assert.Throws<DataException>(() => files.Read("X")).Message);
        Assert.EndsWith("Y_LABELS.csv: expected a different text for each set of labels, found 'up and down' for two. Leave 'and' out of the texts.",
            Assert.Throws<DataException>(() => files.Read("Y")).Message);
    }

    [Fact]
    public void The_canonical_form_keeps_the_texts_and_data_sets_without_them_keep_their_hash()
    {
        using var files = new TextFiles().With("X.csv", Coded);
        var without = DatasetFile.ContentHash(files.Read("X"));
        var with = files.With("X_LABELS.csv", "label,text\n1,a\n2,b\n10,c\n").Read("X");
        var other = files.With("X_LABELS.csv", "label,text\n1,a\n2,b\n10,d\n").Read("X");
        using var stream = new MemoryStream();
        DatasetFile.Write(with, stream);
        stream.Position = 0;
        var read = DatasetFile.Read(stream);

        Assert.Equal(["a", "b", "c"], read.ClassTexts);
        Assert.False(read.HasLabelSets);
        Assert.Equal(3, new[] { without, DatasetFile.ContentHash(with), DatasetFile.ContentHash(other) }.Distinct().Count());
        Assert.Equal(DatasetFile.ContentHash(with), DatasetFile.ContentHash(read));
        Assert.Equal(without, DatasetFile.ContentHash(new Dataset(with.Name, with.Classes, with.Cases, [], [])));
        for (var length = 0; length < stream.Length; length++)
        {
            using var cut = new MemoryStream(stream.ToArray()[..length]);
            Assert.Throws<DataException>(() => DatasetFile.Read(cut));
        }
    }
}
