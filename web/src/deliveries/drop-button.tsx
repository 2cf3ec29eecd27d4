import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';

interface DropButtonProps {
  isDisabled: boolean;
  drop: () => void;
}

/** Asks before a delivery is removed for ever. */
export function DropButton({ isDisabled, drop }: DropButtonProps) {
  return (
    <DialogTrigger>
      <Button className="danger" isDisabled={isDisabled}>
        Drop
      </Button>
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="question">
          <Dialog role="alertdialog">
            {({ close }) => (
              <>
                <Heading slot="title">Drop this delivery?</Heading>
                <p>Its bytes are removed for ever, and the same bytes are never kept again.</p>
                <p className="buttons">
                  <Button autoFocus onPress={close}>
                    Keep it
                  </Button>
                  <Button
                    className="danger"
                    onPress={() => {
                      close();
                      drop();
                    }}
                  >
                    Drop it
                  </Button>
                </p>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
